#include <cstdint>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "support/plugin_fixture.h"

using shoal::test::PluginFixture;
using OptionMap = PluginFixture::OptionMap;

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
const std::string heartbeat = TESTDATA "/heartbeat";  // 21 bytes

std::int64_t changed_ns(const std::string& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mtim.tv_sec * second_ns + status.st_mtim.tv_nsec;
}

OptionMap ages(const std::string& warning, const std::string& critical) {
  return {{"warning", warning}, {"critical", critical}};
}

// One round `after` seconds after the file was changed.
shoal::CheckVerdict verdict_after(double after, OptionMap options = {}) {
  options.emplace("file", heartbeat);
  options.merge(ages("240", "600"));
  PluginFixture plugin(options);
  plugin.unix_ns = changed_ns(heartbeat) + static_cast<std::int64_t>(after * 1e9);
  return plugin.check();
}

std::uint32_t status_after(double after, const OptionMap& options = {}) {
  return verdict_after(after, options).status;
}

OptionMap sizes(const std::string& warning, const std::string& critical) {
  return {{"warning_size", warning}, {"critical_size", critical}};
}

}  // namespace

TEST_SUITE("check file_age") {
  TEST_CASE("warns after four minutes, and is critical after ten") {
    CHECK(status_after(0) == SHOAL_CHECK_OK);
    CHECK(status_after(240) == SHOAL_CHECK_OK);
    CHECK(status_after(240.5) == SHOAL_CHECK_WARNING);
    CHECK(status_after(600) == SHOAL_CHECK_WARNING);
    CHECK(status_after(601) == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("takes other ages, ranges, and 0 for never") {
    CHECK(status_after(601, ages("1000", "2000")) == SHOAL_CHECK_OK);
    CHECK(status_after(1e9, ages("0", "0.0")) == SHOAL_CHECK_OK);
    CHECK(status_after(1e9, ages("0", "600")) == SHOAL_CHECK_CRITICAL);
    CHECK(status_after(1e9, ages("240", "0")) == SHOAL_CHECK_WARNING);
    CHECK(status_after(5, ages("10:", "0")) == SHOAL_CHECK_WARNING);
    CHECK(status_after(5, ages("~:0", "0")) == SHOAL_CHECK_WARNING);
  }

  TEST_CASE("judges the size") {
    CHECK(status_after(0, sizes("21", "21")) == SHOAL_CHECK_OK);
    CHECK(status_after(0, sizes("22", "0")) == SHOAL_CHECK_WARNING);
    CHECK(status_after(0, sizes("0", "22")) == SHOAL_CHECK_CRITICAL);
    CHECK(status_after(300, sizes("0", "22")) == SHOAL_CHECK_CRITICAL);
    CHECK(status_after(601, sizes("22", "0")) == SHOAL_CHECK_CRITICAL);
    CHECK(status_after(0, sizes("~:20B", "0")) == SHOAL_CHECK_WARNING);
    CHECK(status_after(0, sizes("22B:", "1KiB:")) == SHOAL_CHECK_CRITICAL);
    CHECK(status_after(0, sizes("@22:1KiB", "0")) == SHOAL_CHECK_OK);
  }

  TEST_CASE("tells and draws age and size") {
    PluginFixture plugin({{"file", heartbeat}});
    plugin.unix_ns = changed_ns(heartbeat) + 130 * second_ns;

    const auto verdict = plugin.check();

    CHECK(verdict.text == heartbeat + ": changed 2m 10s ago, 21 B");
    CHECK(plugin.emitted == std::map<std::string, double>{{"file_age.probe_1.age", 130},
                                                          {"file_age.probe_1.size", 21}});
  }

  TEST_CASE("is UNKNOWN of a file changed in the future, but for a clock somewhat ahead") {
    CHECK(status_after(-59) == SHOAL_CHECK_OK);
    CHECK(status_after(-61) == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict_after(-3600).text == heartbeat + ": changed 1h in the future, 21 B");
    CHECK(status_after(-3600, sizes("22", "0")) == SHOAL_CHECK_WARNING);
    auto no_ages = sizes("21", "21");
    no_ages.merge(ages("0", "0"));
    CHECK(status_after(-3600, no_ages) == SHOAL_CHECK_OK);
  }

  TEST_CASE("is UNKNOWN without the file, and OK if that is to be ignored") {
    for (const auto& file : {std::string(TESTDATA "/none"), heartbeat + "/none"}) {
      CAPTURE(file);
      PluginFixture plugin({{"file", file}});
      const auto verdict = plugin.check();
      CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
      CHECK(verdict.text == file + ": there is no such file");
      CHECK(plugin.emitted.empty());

      PluginFixture ignoring({{"file", file}, {"ignore_missing", true}});
      CHECK(ignoring.check().status == SHOAL_CHECK_OK);
    }
  }

  TEST_CASE("is UNKNOWN of what cannot be looked at, whatever is to be ignored") {
    const std::string endless = "/" + std::string(5000, 'x');
    PluginFixture plugin({{"file", endless}, {"ignore_missing", true}});

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == endless + ": File name too long");
  }

  TEST_CASE("refuses an age that cannot be read") {
    PluginFixture plugin({{"file", heartbeat}, {"critical", std::string("10m")}});

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason ==
          "option critical: expected a number or a range like \"10:20\", found \"10m\"");
  }

  TEST_CASE("refuses a size that cannot be read") {
    PluginFixture plugin({{"file", heartbeat}, {"critical_size", std::string("1K")}});

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason ==
          "option critical_size: expected a size like \"64MB\" or a range like \"1MiB:2MiB\", "
          "found \"1K\"");
  }
}
