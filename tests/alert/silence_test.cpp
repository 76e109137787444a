#include "alert/silence.h"

#include <doctest/doctest.h>

#include "bench.h"

using namespace shoal;
using namespace shoal::test;
using alert::Silence;

namespace {

// In central Europe; 2 January 2026 is a Friday.
WallTime at(int month, int day, int hour, int minute = 0) {
  std::tm parts{.tm_min = minute,
                .tm_hour = hour,
                .tm_mday = day,
                .tm_mon = month - 1,
                .tm_year = 126,
                .tm_isdst = -1};
  return WallTime{std::chrono::seconds{std::mktime(&parts)}};
}

constexpr std::uint8_t saturday = 1U << 6U;

config::SilenceSettings night() {
  return {.name = "night", .match = {"check:backup*"}, .times = {{22 * 60, 6 * 60}}};
}

}  // namespace

TEST_SUITE("Silence") {
  TEST_CASE("covers what fits its patterns") {
    const Silence silence(night());

    CHECK(silence.covers("check:backup"));
    CHECK(silence.covers("check:backup-db"));
    CHECK_FALSE(silence.covers("check:web"));
  }

  TEST_CASE("is on by local time, over midnight too") {
    struct Row {
      config::SilenceSettings::Span span;
      std::uint8_t days;
      WallTime time;
      bool is_on;
    };
    constexpr auto all = config::SilenceSettings::every_day;
    const Row rows[] = {
        {{60, 120}, all, at(1, 2, 0, 59), false},
        {{60, 120}, all, at(1, 2, 1, 0), true},
        {{60, 120}, all, at(1, 2, 1, 59), true},
        {{60, 120}, all, at(1, 2, 2, 0), false},
        {{22 * 60, 6 * 60}, all, at(1, 2, 21, 59), false},
        {{22 * 60, 6 * 60}, all, at(1, 2, 22, 0), true},
        {{22 * 60, 6 * 60}, all, at(1, 3, 5, 59), true},
        {{22 * 60, 6 * 60}, all, at(1, 3, 6, 0), false},
        {{22 * 60, 6 * 60}, saturday, at(1, 2, 23), false},  // Friday
        {{22 * 60, 6 * 60}, saturday, at(1, 3, 5), false},   // Friday's night
        {{22 * 60, 6 * 60}, saturday, at(1, 3, 23), true},
        {{22 * 60, 6 * 60}, saturday, at(1, 4, 5), true},  // Saturday's night
        {{18 * 60, 24 * 60}, all, at(1, 2, 23, 59), true},
        {{18 * 60, 24 * 60}, all, at(1, 3, 0), false},
        {{22 * 60, 6 * 60}, all, at(7, 1, 22), true},
    };
    for (const Row& row : rows) {
      CAPTURE(row.span.from);
      CAPTURE(unix_seconds(row.time));
      const Silence silence({.times = {row.span}, .days = row.days});

      CHECK(silence.is_on(row.time) == row.is_on);
    }
  }

  TEST_CASE("without times lasts for whole days, or between its dates") {
    const Silence weekend({.days = saturday});
    const Silence works({.from = noon, .until = noon + 2h});

    CHECK_FALSE(weekend.is_on(at(1, 2, 23, 59)));
    CHECK(weekend.is_on(at(1, 3, 0)));
    CHECK(weekend.is_on(at(1, 3, 23, 59)));
    CHECK_FALSE(weekend.is_on(at(1, 4, 0)));
    CHECK_FALSE(works.is_on(noon - 1s));
    CHECK(works.is_on(noon));
    CHECK_FALSE(works.is_on(noon + 2h));
  }

  TEST_CASE("knows when it ends") {
    CHECK(Silence(night()).end(at(1, 2, 23)) == at(1, 3, 6));
    CHECK(Silence(night()).end(at(1, 3, 5)) == at(1, 3, 6));
    CHECK(Silence({.days = saturday}).end(at(1, 3, 5)) == at(1, 4, 0));
    CHECK(Silence({.from = noon, .until = noon + 2h}).end(noon) == noon + 2h);
    CHECK(Silence({.from = noon}).end(noon) == std::nullopt);
    // Two that meet are one.
    CHECK(Silence({.times = {{22 * 60, 24 * 60}, {0, 6 * 60}}}).end(at(1, 2, 23)) == at(1, 3, 6));
    // The night in which a clock is put forward is an hour shorter.
    CHECK(Silence(night()).end(at(3, 28, 23)) == at(3, 28, 23) + 6h);
    CHECK(Silence(night()).end(at(1, 2, 23)) == at(1, 2, 23) + 7h);
  }
}
