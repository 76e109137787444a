#include "common/meminfo.h"

#include <doctest/doctest.h>

using shoal::common::parse_meminfo;
using shoal::common::used_bytes;

TEST_SUITE("meminfo") {
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
}
