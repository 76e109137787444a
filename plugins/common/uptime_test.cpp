#include "common/uptime.h"

#include <doctest/doctest.h>

using shoal::common::parse_uptime;

TEST_SUITE("uptime") {
  TEST_CASE("reads the first of two numbers") {
    CHECK(parse_uptime({"/proc/uptime", "1234.56 99.01\n"}) == 1234.56);
  }

  TEST_CASE("names the file that does not say") {
    for (const auto* text : {"soon\n", "-5 1\n", "nan 1\n", "inf 1\n", "1e300 1\n"}) {
      CAPTURE(text);
      CHECK_THROWS(parse_uptime({"/proc/uptime", text}));
    }
    CHECK_THROWS_WITH(parse_uptime({"/proc/uptime", ""}),
                      "/proc/uptime: expected seconds since the start, found nothing");
  }
}
