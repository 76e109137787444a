#include <doctest/doctest.h>

#include "common/load_averages.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"

using shoal::common::parse_loadavg;
using shoal::test::PluginFixture;

TEST_SUITE("loadavg") {
  TEST_CASE("reads the three averages") {
    const auto load = parse_loadavg({"loadavg", "0.52 1.07 12.30 3/98 7630\n"});

    CHECK(load.one_minute == 0.52);
    CHECK(load.five_minutes == 1.07);
    CHECK(load.fifteen_minutes == 12.30);
  }

  TEST_CASE("says what it found instead of three numbers") {
    CHECK_THROWS_WITH(parse_loadavg({"/proc/loadavg", ""}),
                      "/proc/loadavg: expected three load averages, found nothing");
    CHECK_THROWS_WITH(parse_loadavg({"/proc/loadavg", "0.10 0.2"}),
                      "/proc/loadavg: expected three load averages, found \"0.10 0.2\"");
    CHECK_THROWS_WITH(parse_loadavg({"/proc/loadavg", "a\tb\x01 c"}),
                      "/proc/loadavg: expected three load averages, found \"a?b? c\"");
  }

  TEST_CASE("emits a recorded host") {
    PluginFixture plugin({{"proc", std::string(TESTDATA)}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(plugin.emitted.size() == 3);
    CHECK(plugin.emitted.at("loadavg1") ==
          parse_loadavg({"", shoal::test::recorded("loadavg")}).one_minute);
    CHECK(plugin.kinds.at("loadavg15") == SHOAL_GAUGE);
  }

  TEST_CASE("explains an absent file with its path") {
    PluginFixture plugin({{"proc", std::string("/nonexistent")}});

    CHECK(plugin.collect() == SHOAL_FAILED);
    CHECK(plugin.reason == "/nonexistent/loadavg: No such file or directory");
  }
}
