// The result of a suite as text for people, as JSON and as JUnit's XML. Pure functions.
#pragma once

#include <string>

#include "conformance/suite.h"

namespace shoal::conformance {

// One test: a line, and two more for each finding.
std::string to_text(const TestResult& test, std::uint64_t seed);
// The last line.
std::string summary_text(const SuiteResult& result);
std::string to_json(const SuiteResult& result);
std::string to_junit(const SuiteResult& result);
// What there is to test, and all rules.
std::string list_text();

}  // namespace shoal::conformance
