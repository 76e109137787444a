#include <doctest/doctest.h>

#include "support/plugin_fixture.h"

using shoal::test::PluginFixture;

namespace {

// The recorded averages are 2.37, 1.31 and 0.17, on two CPUs.
PluginFixture::OptionMap recorded_with(const std::string& warning, const std::string& critical) {
  return {{"proc", std::string(TESTDATA)}, {"warning", warning}, {"critical", critical}};
}

std::uint32_t status_with(const std::string& warning, const std::string& critical) {
  PluginFixture plugin(recorded_with(warning, critical));
  return plugin.check().status;
}

std::string refusal_of(const std::string& warning, const std::string& critical) {
  PluginFixture plugin(recorded_with(warning, critical));
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

}  // namespace

TEST_SUITE("check load") {
  TEST_CASE("judges each average by its own threshold") {
    CHECK(status_with("2.37,1.31,0.17", "9,9,9") == SHOAL_CHECK_OK);
    CHECK(status_with("2.36,9,9", "9,9,9") == SHOAL_CHECK_WARNING);
    CHECK(status_with("9,1.3,9", "9,9,9") == SHOAL_CHECK_WARNING);
    CHECK(status_with("0,0,0", "9,9,0.16") == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("takes one threshold for all averages, and ranges") {
    CHECK(status_with("3", "5") == SHOAL_CHECK_OK);
    CHECK(status_with("2", "5") == SHOAL_CHECK_WARNING);
    CHECK(status_with("~:3", "0.2:") == SHOAL_CHECK_CRITICAL);
    CHECK(status_with("@2:3,~:,~:", "5") == SHOAL_CHECK_WARNING);
  }

  TEST_CASE("tells the averages, and draws them under the name of the check") {
    PluginFixture plugin(recorded_with("9", "9"));

    const auto verdict = plugin.check();

    CHECK(verdict.text == "load average: 2.37, 1.31, 0.17");
    CHECK(plugin.emitted == std::map<std::string, double>{{"load.probe_1.loadavg1", 2.37},
                                                          {"load.probe_1.loadavg5", 1.31},
                                                          {"load.probe_1.loadavg15", 0.17}});
  }

  TEST_CASE("divides by the CPUs on request") {
    auto options = recorded_with("1.2", "9");
    options["per_cpu"] = true;
    PluginFixture plugin(options);

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(plugin.emitted.at("load.probe_1.loadavg1") == 2.37 / 2);
    CHECK(verdict.text == "load average: 1.19, 0.66, 0.09 per CPU");
  }

  TEST_CASE("refuses thresholds that cannot be read, with the option and what was found") {
    CHECK(refusal_of("5,4,soon", "9") ==
          "option warning: expected a number or a range like \"10:20\", found \"soon\"");
    CHECK(refusal_of("5", "9,8") ==
          "option critical: expected one threshold or three, found \"9,8\"");
    CHECK(refusal_of("", "9") ==
          "option warning: expected a number or a range like \"10:20\", found \"\"");
    CHECK(refusal_of("1,2,3,4", "9") ==
          "option warning: expected one threshold or three, found \"1,2,3,4\"");
  }

  TEST_CASE("is UNKNOWN when there is nothing to judge") {
    PluginFixture plugin({{"proc", std::string("/nonexistent")},
                          {"warning", std::string("1")},
                          {"critical", std::string("2")}});

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == "/nonexistent/loadavg: No such file or directory");
    CHECK(plugin.emitted.empty());
  }
}
