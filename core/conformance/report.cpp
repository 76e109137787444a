#include "conformance/report.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "conformance/tests.h"

namespace shoal::conformance {
namespace {

using Json = nlohmann::ordered_json;

std::string_view outcome_word(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "ok";
    case Outcome::failed:
      return "FAILED";
    case Outcome::skipped:
      return "skipped";
  }
  return {};
}

std::string_view weight_word(Weight weight) {
  return weight == Weight::finding ? "finding" : "advice";
}

std::string finding_text(const Finding& finding, std::uint64_t seed) {
  const auto& rule = text_of(finding.rule);
  return fmt::format("    {}: {}: {}\n      {}: {} (--seed {})\n", weight_word(rule.weight),
                     rule.id, finding.text, rule.where, rule.text, seed);
}

std::string escaped(std::string_view text) {
  std::string xml;
  for (const char c : text) {
    switch (c) {
      case '<':
        xml += "&lt;";
        break;
      case '>':
        xml += "&gt;";
        break;
      case '&':
        xml += "&amp;";
        break;
      case '"':
        xml += "&quot;";
        break;
      default:
        xml += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return xml;
}

double seconds(std::chrono::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

std::string testcase(const TestResult& test, std::uint64_t seed) {
  const auto slash = test.id.find('/');
  auto xml = fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">\n",
                         test.id.substr(0, slash), test.id.substr(slash + 1), seconds(test.took));
  if (test.outcome == Outcome::skipped) {
    xml += fmt::format("    <skipped message=\"{}\"/>\n", escaped(test.reason));
  }
  std::string advice;
  for (const Finding& finding : test.findings) {
    const auto& rule = text_of(finding.rule);
    if (rule.weight == Weight::advice) {
      advice += finding_text(finding, seed);
      continue;
    }
    xml += fmt::format("    <failure type=\"{}\" message=\"{}\">{}</failure>\n", rule.id,
                       escaped(finding.text), escaped(finding_text(finding, seed)));
  }
  if (!advice.empty()) xml += fmt::format("    <system-out>{}</system-out>\n", escaped(advice));
  return xml + "  </testcase>\n";
}

const TestResult* first_skipped(const SuiteResult& result) {
  for (const TestResult& test : result.tests) {
    if (test.outcome == Outcome::skipped) return &test;
  }
  return nullptr;
}

std::string test_line(const Test& test) {
  return fmt::format(
      "  {:<24} {}{}\n", test.id(), test.sentence,
      test.only_for ? fmt::format(" ({} only)", plugin::kind_name(*test.only_for)) : "");
}

}  // namespace

std::string to_text(const TestResult& test, std::uint64_t seed) {
  auto text = fmt::format("{:<8} {:<24} {}", outcome_word(test.outcome), test.id,
                          test.outcome == Outcome::skipped ? test.reason : test.sentence);
  if (test.took >= std::chrono::seconds(1)) text += fmt::format(" ({:.1f} s)", seconds(test.took));
  text += '\n';
  for (const Finding& finding : test.findings) text += finding_text(finding, seed);
  return text;
}

std::string summary_text(const SuiteResult& result) {
  std::size_t advice = 0;
  for (const TestResult& test : result.tests) {
    for (const Finding& finding : test.findings) {
      advice += text_of(finding.rule).weight == Weight::advice ? 1 : 0;
    }
  }
  auto text = fmt::format("{} passed, {} failed, {} skipped", result.count(Outcome::passed),
                          result.count(Outcome::failed), result.count(Outcome::skipped));
  if (const auto* skipped = first_skipped(result)) text += " " + skipped->reason;
  if (advice > 0) text += fmt::format(", {} to think about", advice);
  return text + "\n";
}

std::string to_json(const SuiteResult& result) {
  Json tests = Json::array();
  for (const TestResult& test : result.tests) {
    Json findings = Json::array();
    for (const Finding& finding : test.findings) {
      const auto& rule = text_of(finding.rule);
      findings.push_back({{"rule", rule.id},
                          {"weight", weight_word(rule.weight)},
                          {"found", finding.text},
                          {"says", rule.text},
                          {"where", rule.where},
                          {"seed", result.seed}});
    }
    Json one{{"test", test.id},
             {"outcome", test.outcome == Outcome::passed   ? "passed"
                         : test.outcome == Outcome::failed ? "failed"
                                                           : "skipped"},
             {"seconds", seconds(test.took)},
             {"findings", std::move(findings)}};
    if (!test.reason.empty()) one["reason"] = test.reason;
    tests.push_back(std::move(one));
  }
  const Json all{{"file", result.file},
                 {"plugin", result.plugin},
                 {"seed", result.seed},
                 {"passed", result.count(Outcome::passed)},
                 {"failed", result.count(Outcome::failed)},
                 {"skipped", result.count(Outcome::skipped)},
                 {"tests", std::move(tests)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_junit(const SuiteResult& result) {
  auto xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n"
      "  <properties><property name=\"seed\" value=\"{}\"/></properties>\n",
      escaped(result.file), result.tests.size(), result.count(Outcome::failed),
      result.count(Outcome::skipped), result.seed);
  for (const TestResult& test : result.tests) xml += testcase(test, result.seed);
  return xml + "</testsuite>\n";
}

std::string list_text() {
  std::string text = "tests:\n";
  text += fmt::format("  {:<24} {}\n", "file/preflight",
                      "what the host looks at before it loads a file");
  for (const Test& test : all_tests()) text += test_line(test);
  text += "\ntests of a wire plugin:\n";
  for (const Test& test : wire_tests()) text += test_line(test);
  text += "\nrules:\n";
  for (const RuleText& rule : all_rules()) {
    text += fmt::format("  {:<24} {}{} ({})\n", rule.id, rule.text,
                        rule.weight == Weight::advice ? "; advice" : "", rule.where);
  }
  return text;
}

}  // namespace shoal::conformance
