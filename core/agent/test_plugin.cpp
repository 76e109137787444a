// shoal plugin test: hands over to the tester, a program of its own, so that the agent does not
// carry it.

#include <unistd.h>
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
  const std::vector<std::string> words = tester_words(arguments);
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  ::execv(pointers.front(), pointers.data());
  throw_errno("run " + words.front());
}

}  // namespace shoal::agent
