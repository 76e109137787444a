#include <algorithm>

#include <doctest/doctest.h>

#include "schedule/scheduler_fixture.h"

using namespace shoal::test;
using shoal::SteadyTime;
using shoal::WallTime;

TEST_SUITE("Scheduler on a moving clock") {
  TEST_CASE("does not drift in thirty days, nor loses a round") {
    constexpr auto days = 30 * 24h;
    SchedulerFixture given(noon + 3s + 141'592'653ns);
    given.scheduler.add({.id = "metric:m", .interval = 60s});
    given.scheduler.add({.id = "check:c", .interval = 90s, .phase = Phase::spread});
    given.pass(10s);
    given.started.clear();
    const auto check_first = *given.status("check:c").last_scheduled;

    given.pass(days);

    WallTime next_metric = noon + 1min;
    WallTime next_check = check_first + 90s;
    SteadyTime::duration most_late{};
    for (const auto& round : given.started) {
      WallTime& expected = round.id == "metric:m" ? next_metric : next_check;
      REQUIRE(round.scheduled == expected);
      expected += round.id == "metric:m" ? 60s : 90s;
      const auto wall = given.clock.wall() - (given.clock.steady() - round.at);
      most_late = std::max(most_late, wall - round.scheduled);
      REQUIRE(wall >= round.scheduled);
    }
    CHECK(given.started.size() == days / 60s + days / 90s);
    CHECK(most_late < 1us);
    CHECK(given.status("metric:m").skipped == 0);
    CHECK(given.status("check:c").skipped == 0);
  }

  TEST_CASE("wakes up for nothing but a round") {
    SchedulerFixture given(noon + 3s + 141'592'653ns);
    given.scheduler.add(minutely("metric:m"));
    given.scheduler.add({.id = "check:c", .interval = 7s, .phase = Phase::spread});
    given.pass(30s);

    for (int i = 0; i < 10'000; ++i) {
      const auto rounds_before = given.started.size();
      given.clock.advance(*given.timers.next_due() - given.clock.steady());
      given.timers.run_due(given.clock.steady());
      REQUIRE(given.started.size() > rounds_before);
    }
  }

  TEST_CASE("catches up with one round after a step forward, then is aligned again") {
    SchedulerFixture given;
    given.scheduler.add(minutely("metric:m"));
    given.pass(30s);

    given.step_clock(1h);
    given.pass(1min);

    CHECK(given.stamps() == Stamps{noon, noon + 1h, noon + 1h + 1min});
    CHECK(given.status("metric:m").skipped == 0);
  }

  TEST_CASE("does not run at once after a step forward that passes no multiple") {
    SchedulerFixture given;
    given.scheduler.add(minutely("metric:m"));
    given.pass(10s);

    given.step_clock(40s);
    given.pass(9s);
    CHECK(given.started.size() == 1);
    given.pass(1s);
    CHECK(given.stamps() == Stamps{noon, noon + 1min});
  }

  TEST_CASE("does not run the same minute twice after a small step back") {
    SchedulerFixture given(noon + 30s);
    given.scheduler.add(minutely("metric:m"));
    given.pass(32s);
    REQUIRE(given.stamps() == Stamps{noon + 30s, noon + 1min});

    given.step_clock(-5s);
    given.pass(10s);
    CHECK(given.started.size() == 2);
    given.pass(53s);
    CHECK(given.stamps() == Stamps{noon + 30s, noon + 1min, noon + 2min});
  }

  TEST_CASE("goes on at the next minute after a step back of an hour") {
    SchedulerFixture given;
    given.scheduler.add(minutely("metric:m"));
    given.pass(30s);

    given.step_clock(-1h);
    given.pass(2min);

    CHECK(given.stamps() == Stamps{noon, noon - 59min, noon - 58min});
  }

  TEST_CASE(
      "is never silent for more than three intervals, nor doubles a round, however far back "
      "the clock is set") {
    for (auto back = 1s; back < 10min; back += 1s) {
      CAPTURE(back.count());
      SchedulerFixture given;
      given.scheduler.add(minutely("metric:m"));
      given.pass(2min + 30s);
      const auto last = given.started.back();

      given.step_clock(-back);
      given.pass(3min);

      REQUIRE(given.started.size() > 3);
      CHECK(given.started[3].at - last.at <= 3min);
      if (back <= 90s) CHECK(given.started[3].scheduled == last.scheduled + 1min);
      for (std::size_t i = 4; i < given.started.size(); ++i) {
        CHECK(given.started[i].scheduled == given.started[i - 1].scheduled + 1min);
      }
    }
  }

  TEST_CASE("comes back to the old minutes after a wrong step was put right") {
    SchedulerFixture given;
    given.scheduler.add(minutely("metric:m"));
    given.pass(30s);
    given.step_clock(1h);
    given.pass(10s);

    given.step_clock(-1h);
    given.pass(1min + 20s);

    CHECK(given.stamps() == Stamps{noon, noon + 1h, noon + 1min, noon + 2min});
  }

  TEST_CASE("finds out itself about a step that nobody told it of") {
    SchedulerFixture forward;
    SchedulerFixture back;
    for (auto* given : {&forward, &back}) {
      given->scheduler.add(minutely("metric:m"));
      given->pass(30s);
    }

    forward.clock.step(1h);
    back.clock.step(-1h);
    forward.pass(2min);
    back.pass(2min);

    CHECK(forward.stamps() == Stamps{noon, noon + 1h + 1min, noon + 1h + 2min});
    CHECK(back.stamps() == Stamps{noon, noon - 59min, noon - 58min});
  }

  TEST_CASE("keeps the rhythm of checks when the wall clock steps, and stamps the new time") {
    SchedulerFixture given;
    given.scheduler.add(spread_minutely("check:c"));
    given.pass(5s);
    const auto first = given.started.at(0);

    given.step_clock(-1h);
    given.pass(1min);

    REQUIRE(given.started.size() == 2);
    CHECK(given.started[1].at - first.at == 1min);
    CHECK(given.started[1].scheduled == first.scheduled + 1min - 1h);
  }

  TEST_CASE("catches up with one round a job after a suspend, counts the rest, keeps the phase") {
    for (const bool is_told : {false, true}) {
      CAPTURE(is_told);
      SchedulerFixture given;
      given.scheduler.add(minutely("metric:m"));
      given.scheduler.add(spread_minutely("check:c"));
      given.pass(30s);
      const auto first = *given.status("check:c").last_scheduled;
      given.started.clear();

      // The kernel reports a resume as a clock step too.
      given.clock.advance(3h);
      if (is_told) given.scheduler.clock_stepped();
      given.pass(0s);
      CHECK(given.started.size() == 2);
      given.pass(1min);

      CHECK(given.status("metric:m").last_scheduled == noon + 3h + 1min);
      CHECK(given.status("metric:m").started == 3);
      CHECK(given.status("metric:m").skipped == 179);
      CHECK(given.status("check:c").last_scheduled == first + 3h + 1min);
      CHECK(given.status("check:c").started == 3);
      CHECK(given.status("check:c").skipped == 179);
    }
  }

  TEST_CASE("stamps a catch-up round with the last time it was due") {
    SchedulerFixture given;
    given.scheduler.add(minutely("metric:m"));
    given.scheduler.add(spread_minutely("check:c"));
    given.pass(30s);
    const auto first = *given.status("check:c").last_scheduled;

    given.suspend(10min);

    CHECK(given.status("metric:m").last_scheduled == noon + 10min);
    CHECK(given.status("check:c").last_scheduled == first + 10min);
  }

  TEST_CASE("does not count a round as lost because the loop was late for it") {
    SchedulerFixture given;
    given.scheduler.add(minutely("metric:m"));
    given.pass(30s);

    given.suspend(59s);
    given.pass(1min);

    CHECK(given.stamps() == Stamps{noon, noon + 1min, noon + 2min});
    CHECK(given.status("metric:m").skipped == 0);
  }
}
