// shoal plugin test: hands over to the tester, a program of its own, so that the agent does not
// carry it.

#include <vector>

#include "agent/commands.h"
#include "agent/companion.h"

namespace shoal::agent {
namespace {

// As the tester spells it.
std::string spelled(const std::string& flag) {
  return flag == "option" ? "-o" : "--" + flag;
}

std::vector<std::string> tester_words(const Arguments& arguments) {
  std::vector<std::string> words{companion("shoal-plugin-test", "conformance")};
  for (const auto& [flag, values] : arguments.flags) {
    for (const std::string& value : values) {
      words.push_back(spelled(flag));
      if (!value.empty()) words.push_back(value);
    }
  }
  words.insert(words.end(), arguments.operands.begin(), arguments.operands.end());
  return words;
}

}  // namespace

int test_plugin(const Arguments& arguments) {
  become(tester_words(arguments));
}

}  // namespace shoal::agent
