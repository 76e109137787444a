#include <doctest/doctest.h>

#include "support/plugin_fixture.h"
#include "support/temporary_directory.h"

using shoal::test::PluginFixture;
using OptionMap = PluginFixture::OptionMap;

namespace {

const char* const with_swap = TESTDATA "/with_swap";

OptionMap options_with(const std::string& warning, const std::string& critical,
                       const std::string& proc) {
  return {{"proc", proc}, {"warning", warning}, {"critical", critical}};
}

std::uint32_t status_with(const std::string& warning, const std::string& critical) {
  PluginFixture plugin(options_with(warning, critical, with_swap));
  return plugin.check().status;
}

shoal::CheckVerdict verdict_on(const std::string& swap_lines) {
  const shoal::test::TemporaryDirectory proc;
  proc.write("meminfo", "MemTotal: 100 kB\nMemAvailable: 50 kB\n" + swap_lines);
  PluginFixture plugin(options_with("50", "80", proc.path().string()));
  return plugin.check();
}

}  // namespace

// Of 2097148 kB 1572861 are free: 25 percent are in use.
TEST_SUITE("check swap") {
  TEST_CASE("judges the percentage in use") {
    CHECK(status_with("25", "50") == SHOAL_CHECK_OK);
    CHECK(status_with("24.9", "25") == SHOAL_CHECK_WARNING);
    CHECK(status_with("10", "24.9") == SHOAL_CHECK_CRITICAL);
    CHECK(status_with("30:", "@0:10") == SHOAL_CHECK_WARNING);
  }

  TEST_CASE("tells and draws what is used") {
    PluginFixture plugin(options_with("50", "80", with_swap));

    const auto verdict = plugin.check();

    CHECK(verdict.text == "swap: 25.0% used (512.0 MiB of 2.0 GiB)");
    CHECK(plugin.emitted.size() == 3);
    CHECK(plugin.emitted.at("swap.probe_1.used") == (2097148.0 - 1572861) * 1024);
    CHECK(plugin.emitted.at("swap.probe_1.total") == 2097148.0 * 1024);
    CHECK(plugin.emitted.at("swap.probe_1.used_percentage") == 25);
  }

  TEST_CASE("is as the option says where there is no swap, and draws no percentage") {
    const std::map<std::string, std::uint32_t> words{{"ok", SHOAL_CHECK_OK},
                                                     {"warning", SHOAL_CHECK_WARNING},
                                                     {"critical", SHOAL_CHECK_CRITICAL},
                                                     {"unknown", SHOAL_CHECK_UNKNOWN}};
    for (const auto& word : words) {
      CAPTURE(word.first);
      auto options = options_with("0", "0", TESTDATA);
      options["no_swap"] = word.first;
      PluginFixture plugin(options);

      const auto verdict = plugin.check();

      CHECK(verdict.status == word.second);
      CHECK(verdict.text == "this host has no swap space");
      CHECK(plugin.emitted ==
            std::map<std::string, double>{{"swap.probe_1.used", 0}, {"swap.probe_1.total", 0}});
    }
    PluginFixture plugin(options_with("0", "0", TESTDATA));
    CHECK(plugin.check().status == SHOAL_CHECK_OK);
  }

  TEST_CASE("is UNKNOWN when the figures cannot be read") {
    const auto cut = verdict_on("SwapTotal: 100 kB\n");
    CHECK(cut.status == SHOAL_CHECK_UNKNOWN);
    CHECK(cut.text.find("expected lines SwapTotal: and SwapFree:, found \"MemTotal: ") !=
          std::string::npos);
    CHECK(verdict_on("SwapTotal: 100 kB\nSwapFree: few kB\n").status == SHOAL_CHECK_UNKNOWN);

    PluginFixture plugin(options_with("50", "80", "/nonexistent"));
    const auto verdict = plugin.check();
    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == "/nonexistent/meminfo: No such file or directory");
    CHECK(plugin.emitted.empty());
  }

  TEST_CASE("takes more free space than there is for all of it") {
    CHECK(verdict_on("SwapTotal: 100 kB\nSwapFree: 400 kB\n").text ==
          "swap: 0.0% used (0 B of 100.0 KiB)");
  }

  TEST_CASE("refuses a threshold that cannot be read") {
    PluginFixture plugin(options_with("50", "most", TESTDATA));

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason ==
          "option critical: expected a number or a range like \"10:20\", found \"most\"");
  }
}
