#include "base/quantity.h"

#include <doctest/doctest.h>

using shoal::parse_bytes;
using shoal::parse_duration;
using namespace std::chrono_literals;

TEST_SUITE("quantity") {
  TEST_CASE("reads a duration with one unit or several") {
    CHECK(parse_duration("250ms") == 250ms);
    CHECK(parse_duration("10s") == 10s);
    CHECK(parse_duration("1h30m") == 90min);
    CHECK(parse_duration("2d") == 48h);
    CHECK(parse_duration("1m500ms") == 60500ms);
    CHECK(parse_duration("0s") == 0s);
  }

  TEST_CASE("takes nothing else for a duration") {
    for (const char* text : {"", "10", "s", "10 s", "1.5h", "-1s", "1m1h", "1s1s", "10sec",
                             "99999999999999999999s", "36526d", "9007199254740992d"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_duration(text));
    }
  }

  TEST_CASE("reads sizes in powers of 1000 and of 1024") {
    CHECK(parse_bytes("512") == 512);
    CHECK(parse_bytes("512B") == 512);
    CHECK(parse_bytes("64MB") == 64'000'000);
    CHECK(parse_bytes("64mib") == 64ULL << 20);
    CHECK(parse_bytes("1KB") == 1'000);
  }

  TEST_CASE("takes nothing else for a size") {
    for (const char* text :
         {"", "MB", "1.5GB", "-1", "10 MB", "1PB", "9007199254740993", "99999TB"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_bytes(text));
    }
  }
}
