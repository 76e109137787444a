// Runs tests over a plugin, each in a process of its own, and turns what became of them into
// results. The caller has one thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/blackboard.h"

namespace shoal::conformance {

struct SuiteSettings {
  std::string file;
  std::map<std::string, std::string> options;  // as an operator writes them
  std::vector<std::string> only;               // groups or ids of tests; empty: all
  std::set<std::string, std::less<>> allowed;  // ids of rules that may be broken
  std::uint64_t seed = 0;
  std::chrono::milliseconds patience{60'000};  // for one test
};

enum class Outcome : std::uint8_t { passed, failed, skipped };

struct TestResult {
  std::string id;
  std::string sentence;
  Outcome outcome = Outcome::passed;
  std::string reason;  // why it was skipped
  std::vector<Finding> findings;
  std::chrono::milliseconds took{0};
};

struct SuiteResult {
  std::string file;
  std::string plugin;  // "metric loadavg 0.1.0", when that much is known
  std::uint64_t seed = 0;
  std::vector<TestResult> tests;

  std::size_t count(Outcome outcome) const;
  bool has_failed() const { return count(Outcome::failed) > 0; }
};

// `on_result` is called after each test.
SuiteResult run_suite(const SuiteSettings& settings,
                      const std::function<void(const TestResult&)>& on_result);

}  // namespace shoal::conformance
