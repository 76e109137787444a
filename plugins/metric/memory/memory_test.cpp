#include <doctest/doctest.h>

#include "meminfo.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"

using shoal::memory::parse_meminfo;
using shoal::memory::used_bytes;
using shoal::test::PluginFixture;
using shoal::test::recorded;

TEST_SUITE("memory") {
  TEST_CASE("reads kilobytes as bytes") {
    const auto meminfo = parse_meminfo(
        {"meminfo", "MemTotal:       1000 kB\nMemAvailable:    400 kB\nSwapTotal:    10 kB\n"});

    CHECK(meminfo.total == 1000 * 1024);
    CHECK(meminfo.available == 400 * 1024);
    CHECK(meminfo.swap_total == 10 * 1024);
    CHECK_FALSE(meminfo.swap_free);
    CHECK(used_bytes(meminfo) == 600 * 1024);
  }

  TEST_CASE("tells used memory from free, buffers and cached where available is absent") {
    const auto meminfo = parse_meminfo(
        {"meminfo", "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 20 kB\nCached: 300 kB\n"});

    CHECK(used_bytes(meminfo) == 580 * 1024);
  }

  TEST_CASE("is not negative where more is available than there is") {
    CHECK(used_bytes(parse_meminfo({"meminfo", "MemTotal: 10 kB\nMemAvailable: 400 kB\n"})) == 0);
  }

  TEST_CASE("says which line is missing or damaged") {
    CHECK_THROWS_WITH(parse_meminfo({"/proc/meminfo", ""}),
                      "/proc/meminfo: expected a line MemTotal:, found nothing");
    CHECK_THROWS_WITH(parse_meminfo({"/proc/meminfo",
                                     "\x7f"
                                     "ELF"}),
                      "/proc/meminfo: expected a line MemTotal:, found \"?ELF\"");
    CHECK_THROWS_WITH(parse_meminfo({"/proc/meminfo", "MemTotal: 1000 kB\nMemFr"}),
                      "/proc/meminfo: expected a line MemAvailable:, or MemFree:, Buffers: and "
                      "Cached:, found \"MemTotal: 1000 kB?MemFr\"");
    CHECK_THROWS_WITH(
        parse_meminfo({"/proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 4"}),
        "/proc/meminfo: expected a number of kB in each line, found \"MemAvailable: 4\"");
    CHECK_THROWS_WITH(
        parse_meminfo({"/proc/meminfo", "MemTotal: many kB\n"}),
        "/proc/meminfo: expected a number of kB in each line, found \"MemTotal: many kB\"");
  }

  TEST_CASE("emits six series where the kernel says what is available") {
    PluginFixture plugin({{"proc", std::string(TESTDATA)}});

    CHECK(plugin.collect() == SHOAL_OK);

    const auto meminfo = parse_meminfo({"meminfo", recorded("meminfo")});
    CHECK(plugin.emitted.size() == 6);
    CHECK(plugin.emitted.at("memory.total") == static_cast<double>(meminfo.total));
    CHECK(plugin.emitted.at("memory.used") == static_cast<double>(used_bytes(meminfo)));
    CHECK(plugin.emitted.at("memory.mem_available") == static_cast<double>(*meminfo.available));
    CHECK(plugin.emitted.count("memory.swap_total") == 1);
    CHECK(plugin.emitted.count("memory.swap_free") == 1);
    CHECK(plugin.emitted.count("memory.swap_cached") == 1);
    CHECK(plugin.units.at("memory.used") == "bytes");
  }

  TEST_CASE("emits free, buffers and cached instead on an old kernel") {
    PluginFixture plugin({{"proc", std::string(TESTDATA "/before_3_14")}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(plugin.emitted.size() == 8);
    CHECK(plugin.emitted.count("memory.mem_available") == 0);
    CHECK(plugin.emitted.count("memory.free") == 1);
    CHECK(plugin.emitted.count("memory.buffers") == 1);
    CHECK(plugin.emitted.count("memory.cached") == 1);
  }
}
