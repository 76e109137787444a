// The program shoal-plugin-test, which `shoal plugin test` runs: holds a plugin to the header.
// Exit codes: 0 all passed, 1 findings, 2 usage.

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/error.h"
#include "conformance/report.h"
#include "conformance/tests.h"

namespace {

using namespace shoal::conformance;

constexpr const char* usage =
    "usage: shoal plugin test FILE [FLAGS]\n\n"
    "  -o KEY=VALUE     an option the plugin needs; repeatable\n"
    "  --only GROUP     only these tests: a group, or GROUP/NAME; repeatable\n"
    "  --allow RULE     this rule may be broken; repeatable\n"
    "  --seed N         repeat a run\n"
    "  --patience N     seconds after which a test that does not end is ended (default 60)\n"
    "  --json           answer in JSON\n"
    "  --junit FILE     write JUnit's XML too\n"
    "  --list           the tests and the rules\n";

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CommandLine {
  SuiteSettings suite;
  bool has_json = false;
  bool has_list = false;
  bool has_help = false;
  std::string junit;
};

std::uint64_t parse_number(const std::string& flag, const std::string& word) {
  std::uint64_t number = 0;
  const auto* const end = word.data() + word.size();
  const auto [at, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc{} || at != end) {
    throw UsageError(fmt::format("{}: expected a number, got \"{}\"", flag, word));
  }
  return number;
}

bool is_known_selection(const std::string& word) {
  if (word == "file/preflight") return true;
  const auto is_named = [&](const Test& test) { return word == test.group || word == test.id(); };
  return std::any_of(all_tests().begin(), all_tests().end(), is_named) ||
         std::any_of(wire_tests().begin(), wire_tests().end(), is_named);
}

bool is_known_rule(const std::string& word) {
  for (const RuleText& rule : all_rules()) {
    if (word == rule.id) return true;
  }
  return false;
}

class Parser {
 public:
  explicit Parser(std::vector<std::string> words) : words_(std::move(words)) {}

  CommandLine parse() {
    line_.suite.seed = std::random_device()();
    while (at_ < words_.size()) take(words_[at_++]);
    if (line_.suite.file.empty() && !line_.has_list && !line_.has_help) {
      throw UsageError("expected the FILE of a plugin");
    }
    return std::move(line_);
  }

 private:
  // "--seed N" or "--seed=N".
  std::string value_of(const std::string& word) {
    if (const auto equals = word.find('='); equals != std::string::npos) {
      return word.substr(equals + 1);
    }
    if (at_ == words_.size()) throw UsageError(word + ": expected a value");
    return words_[at_++];
  }

  void take(const std::string& word) {
    const auto name = word.substr(0, word.find('='));
    if (name == "--json") {
      line_.has_json = true;
    } else if (name == "--list") {
      line_.has_list = true;
    } else if (name == "--help" || name == "-h") {
      line_.has_help = true;
    } else if (name == "--junit") {
      line_.junit = value_of(word);
    } else if (name == "--seed") {
      line_.suite.seed = parse_number(name, value_of(word));
    } else if (name == "--patience") {
      line_.suite.patience = std::chrono::seconds(parse_number(name, value_of(word)));
    } else if (name == "--only") {
      take_selection(value_of(word));
    } else if (name == "--allow") {
      take_allowed(value_of(word));
    } else if (name == "-o") {
      take_option(value_of(word));
    } else if (word.starts_with("-")) {
      throw UsageError("unknown flag " + word);
    } else if (line_.suite.file.empty()) {
      line_.suite.file = word;
    } else {
      throw UsageError("unexpected " + word);
    }
  }

  void take_selection(const std::string& word) {
    if (!is_known_selection(word)) {
      throw UsageError("--only: no group or test " + word + "; --list shows them");
    }
    line_.suite.only.push_back(word);
  }

  void take_allowed(const std::string& word) {
    if (!is_known_rule(word)) throw UsageError("--allow: no rule " + word + "; --list shows them");
    line_.suite.allowed.insert(word);
  }

  void take_option(const std::string& word) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError(fmt::format("-o: expected KEY=VALUE, got \"{}\"", word));
    }
    line_.suite.options[word.substr(0, equals)] = word.substr(equals + 1);
  }

  const std::vector<std::string> words_;
  std::size_t at_ = 0;
  CommandLine line_;
};

int test(const CommandLine& line) {
  const auto seed = line.suite.seed;
  const auto result = run_suite(line.suite, [&](const TestResult& one) {
    if (line.has_json || one.outcome == Outcome::skipped) return;
    fmt::print("{}", to_text(one, seed));
    std::fflush(stdout);
  });
  if (line.has_json) {
    fmt::print("{}", to_json(result));
  } else {
    fmt::print("{}: {}", result.file, summary_text(result));
  }
  if (!line.junit.empty()) {
    std::ofstream file(line.junit);
    if (!(file << to_junit(result)).flush()) shoal::throw_errno("write " + line.junit);
  }
  return result.has_failed() ? 1 : 0;
}

int run(const CommandLine& line) {
  if (line.has_help || line.has_list) {
    fmt::print("{}", line.has_help ? std::string(usage) : list_text());
    return 0;
  }
  return test(line);
}

}  // namespace

int main(int argc, char** argv) try {
  return run(Parser({argv + 1, argv + argc}).parse());
} catch (const UsageError& error) {
  fmt::print(stderr, "shoal plugin test: {}; see shoal plugin test --help\n", error.what());
  return 2;
} catch (const std::exception& error) {
  fmt::print(stderr, "shoal plugin test: {}\n", error.what());
  return 2;
}
