#include <doctest/doctest.h>

#include "support/plugin_fixture.h"

using shoal::test::PluginFixture;
using OptionMap = PluginFixture::OptionMap;

namespace {

PluginFixture::OptionMap recorded_with(OptionMap options) {
  options.emplace("proc", std::string(TESTDATA));
  return options;
}

std::uint32_t status_with(const std::string& option, const std::string& threshold) {
  PluginFixture plugin(recorded_with({{option, threshold}}));
  return plugin.check().status;
}

}  // namespace

// The recorded host is up for 2555.8 seconds.
TEST_SUITE("check uptime") {
  TEST_CASE("warns of too short and too long a time, each by its own threshold") {
    CHECK(status_with("warning_under", "2555.8") == SHOAL_CHECK_OK);
    CHECK(status_with("warning_under", "2556") == SHOAL_CHECK_WARNING);
    CHECK(status_with("critical_under", "2556") == SHOAL_CHECK_CRITICAL);
    CHECK(status_with("warning_over", "2555.8") == SHOAL_CHECK_OK);
    CHECK(status_with("warning_over", "2555") == SHOAL_CHECK_WARNING);
    CHECK(status_with("critical_over", "2555") == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("lets the worst of its thresholds count, and takes ranges") {
    PluginFixture plugin(recorded_with(
        {{"warning_under", std::string("1e9")}, {"critical_over", std::string("60")}}));
    CHECK(plugin.check().status == SHOAL_CHECK_CRITICAL);

    CHECK(status_with("warning_under", "60:1e9") == SHOAL_CHECK_OK);
    CHECK(status_with("critical_over", "@60:1e9") == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("is OK without a threshold, tells the time and draws it") {
    PluginFixture plugin(recorded_with({}));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text == "up for 42m 35s");
    CHECK(plugin.emitted == std::map<std::string, double>{{"uptime.probe_1.seconds", 2555.8}});
    CHECK(plugin.units.at("uptime.probe_1.seconds") == "seconds");
  }

  TEST_CASE("refuses a threshold with a unit") {
    PluginFixture plugin({{"warning_under", std::string("10m")}});

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason ==
          "option warning_under: expected a number or a range like \"10:20\", found \"10m\"");
  }

  TEST_CASE("is UNKNOWN when the time cannot be read") {
    PluginFixture plugin({{"proc", std::string("/nonexistent")}});

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == "/nonexistent/uptime: No such file or directory");
    CHECK(plugin.emitted.empty());
  }
}
