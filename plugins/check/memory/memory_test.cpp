#include <doctest/doctest.h>

#include "support/plugin_fixture.h"
#include "support/temporary_directory.h"

using shoal::test::PluginFixture;

namespace {

PluginFixture::OptionMap options_with(const std::string& warning, const std::string& critical,
                                      const std::string& proc = TESTDATA) {
  return {{"proc", proc}, {"warning", warning}, {"critical", critical}};
}

std::uint32_t status_with(const std::string& warning, const std::string& critical) {
  PluginFixture plugin(options_with(warning, critical));
  return plugin.check().status;
}

shoal::CheckVerdict verdict_on(const std::string& meminfo) {
  const shoal::test::TemporaryDirectory proc;
  proc.write("meminfo", meminfo);
  PluginFixture plugin(options_with("80", "90", proc.path().string()));
  return plugin.check();
}

}  // namespace

// Of the recorded 24684084 kB 24229496 are available: 1.84 percent are in use.
TEST_SUITE("check memory") {
  TEST_CASE("judges the percentage in use") {
    CHECK(status_with("1.85", "1.85") == SHOAL_CHECK_OK);
    CHECK(status_with("1.84", "1.85") == SHOAL_CHECK_WARNING);
    CHECK(status_with("1.84", "1.84") == SHOAL_CHECK_CRITICAL);
    CHECK(status_with("5:", "@0:1") == SHOAL_CHECK_WARNING);
  }

  TEST_CASE("tells and draws what is used and what is available") {
    PluginFixture plugin(options_with("80", "90"));

    const auto verdict = plugin.check();

    CHECK(verdict.text == "memory: 1.8% used (443.9 MiB of 23.5 GiB), 23.1 GiB available");
    CHECK(plugin.emitted.size() == 4);
    CHECK(plugin.emitted.at("memory.probe_1.used") == 454588.0 * 1024);
    CHECK(plugin.emitted.at("memory.probe_1.available") == 24229496.0 * 1024);
    CHECK(plugin.emitted.at("memory.probe_1.used_percentage") == doctest::Approx(1.8416));
    CHECK(plugin.emitted.at("memory.probe_1.available_percentage") == doctest::Approx(98.1584));
    CHECK(plugin.units.at("memory.probe_1.available_percentage") == "percentage");
  }

  TEST_CASE("counts free memory, buffers and page cache as available on an old kernel") {
    PluginFixture plugin(options_with("80", "90", TESTDATA "/before_3_14"));

    CHECK(plugin.check().status == SHOAL_CHECK_OK);

    CHECK(plugin.emitted.at("memory.probe_1.available") == (23931396.0 + 2444 + 460740) * 1024);
  }

  TEST_CASE("knows an empty memory from a full one") {
    CHECK(verdict_on("MemTotal: 100 kB\nMemAvailable: 0 kB\n").status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict_on("MemTotal: 100 kB\nMemAvailable: 400 kB\n").text ==
          "memory: 0.0% used (0 B of 100.0 KiB), 100.0 KiB available");
  }

  TEST_CASE("is UNKNOWN when the figures cannot be read") {
    const auto none = verdict_on("MemTotal: 0 kB\nMemAvailable: 0 kB\n");
    CHECK(none.status == SHOAL_CHECK_UNKNOWN);
    CHECK(none.text.find("/meminfo: expected more than that in MemTotal:, found \"0 kB\"") !=
          std::string::npos);
    CHECK(verdict_on("MemTotal: 100 kB\n").status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict_on("").status == SHOAL_CHECK_UNKNOWN);

    PluginFixture plugin(options_with("80", "90", "/nonexistent"));
    const auto verdict = plugin.check();
    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == "/nonexistent/meminfo: No such file or directory");
    CHECK(plugin.emitted.empty());
  }

  TEST_CASE("refuses a threshold that cannot be read") {
    PluginFixture plugin(options_with("80%", "90"));

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason ==
          "option warning: expected a number or a range like \"10:20\", found \"80%\"");
  }
}
