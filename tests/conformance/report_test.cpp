#include "conformance/report.h"

#include <doctest/doctest.h>

using namespace shoal::conformance;

namespace {

TestResult failed_test() {
  return {.id = "lifetime/orders",
          .sentence = "each order of calls",
          .outcome = Outcome::failed,
          .findings = {{Rule::lifetime_order, "died of SIGSEGV in <destroy()> & more"}},
          .took = std::chrono::milliseconds(1500)};
}

SuiteResult one_of_each() {
  return {.file = "a.so",
          .plugin = "metric a 1.0.0",
          .seed = 7,
          .tests = {{.id = "file/preflight", .sentence = "looks"},
                    failed_test(),
                    {.id = "lifetime/many-lives",
                     .sentence = "lives",
                     .outcome = Outcome::skipped,
                     .reason = "because of lifetime/orders"}}};
}

}  // namespace

TEST_SUITE("report") {
  TEST_CASE("says rule, finding, seed and where the rule stands") {
    CHECK(to_text(failed_test(), 7) ==
          "FAILED   lifetime/orders          each order of calls (1.5 s)\n"
          "    finding: lifetime/order: died of SIGSEGV in <destroy()> & more\n"
          "      plugin.h, shoal_plugin: destroy may come after create, after start and after stop "
          "(--seed 7)\n");
  }

  TEST_CASE("counts at the end") {
    CHECK(summary_text(one_of_each()) ==
          "1 passed, 1 failed, 1 skipped because of lifetime/orders\n");
  }

  TEST_CASE("counts advice apart, which fails nothing") {
    SuiteResult result{
        .tests = {{.id = "file/symbols", .findings = {{Rule::file_weak_exports, "exports x"}}}}};

    CHECK(summary_text(result) == "1 passed, 0 failed, 0 skipped, 1 to think about\n");
    CHECK_FALSE(result.has_failed());
  }

  TEST_CASE("is JSON with the same facts") {
    const auto json = to_json(one_of_each());

    CHECK(json.find("\"rule\": \"lifetime/order\"") != std::string::npos);
    CHECK(json.find("\"where\": \"plugin.h, shoal_plugin\"") != std::string::npos);
    CHECK(json.find("\"reason\": \"because of lifetime/orders\"") != std::string::npos);
    CHECK(json.find("\"seed\": 7") != std::string::npos);
  }

  TEST_CASE("is XML as JUnit has it, with nothing left unescaped") {
    const auto xml = to_junit(one_of_each());

    CHECK(xml.find("<testsuite name=\"a.so\" tests=\"3\" failures=\"1\" skipped=\"1\">") !=
          std::string::npos);
    CHECK(
        xml.find("<failure type=\"lifetime/order\" message=\"died of SIGSEGV in &lt;destroy()&gt; "
                 "&amp; more\">") != std::string::npos);
    CHECK(xml.find("<skipped message=\"because of lifetime/orders\"/>") != std::string::npos);
  }
}
