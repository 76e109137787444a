#include "config/duration.h"

#include <doctest/doctest.h>

using shoal::config::parse_minutes;
using shoal::config::to_minutes;
using namespace std::chrono_literals;

namespace {

struct Case {
  const char* text;
  int minutes;
};

constexpr Case durations[] = {
    {"0", 0},      {"10", 10},     {"+10", 10},          {"010", 10},       {"10m", 10},
    {"1h30m", 90}, {"30m1h", 90},  {"1.5h", 90},         {"60s", 1},        {"90s30s", 2},
    {"1m0s", 1},   {"60000ms", 1}, {"0.5m30s", 1},       {"60000000us", 1}, {"60000000\u00b5s", 1},
    {".5h", 30},   {"1.h", 60},    {"60000000000ns", 1}, {"24h", 1440},     {"0s", 0},
};

}  // namespace

TEST_SUITE("duration in minutes") {
  TEST_CASE("is an integer or what Go calls a duration") {
    for (const Case& it : durations) {
      CAPTURE(it.text);
      CHECK(parse_minutes(it.text) == std::chrono::minutes(it.minutes));
    }
  }

  TEST_CASE("is nothing else") {
    for (const char* text : {"",
                             " ",
                             "+",
                             "-1",
                             "-10m",
                             "90s",
                             "1s",
                             "1ms",
                             "10 m",
                             "10M",
                             "m",
                             "h1",
                             "1h30",
                             "1d",
                             "soon",
                             "1..5h",
                             ".h",
                             "1e2",
                             "1e2m",
                             "0x10",
                             "inf",
                             "nan",
                             "1m ",
                             "99999999999999999999",
                             "9999999999h",
                             "1h-30m"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_minutes(text));
    }
  }

  TEST_CASE("is no negative integer, and none beyond a hundred years") {
    CHECK(to_minutes(0) == 0min);
    CHECK(to_minutes(60) == 60min);
    CHECK_FALSE(to_minutes(-1));
    CHECK(to_minutes(100LL * 366 * 24 * 60));
    CHECK_FALSE(to_minutes(100LL * 366 * 24 * 60 + 1));
    CHECK_FALSE(to_minutes(INT64_MAX));
    CHECK_FALSE(to_minutes(INT64_MIN));
  }
}
