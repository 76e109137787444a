#include "schedule/scheduler.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "schedule/scheduler_fixture.h"

using namespace shoal::test;
using shoal::WallTime;

TEST_SUITE("Scheduler") {
  TEST_CASE("starts an aligned job at once, stamped with the second, then at whole multiples") {
    SchedulerFixture given(noon + 37s + 250ms);
    given.scheduler.add(minutely("metric:cpu"));

    given.pass(3min);

    CHECK(given.stamps() == Stamps{noon + 37s, noon + 1min, noon + 2min, noon + 3min});
  }

  TEST_CASE("starts an aligned round when its time has come, not earlier and not later") {
    SchedulerFixture given(noon + 59s + 999'999'999ns);
    given.scheduler.add(minutely("metric:cpu"));
    const auto full_minute = given.clock.steady() + 1ns;

    given.pass(1min);

    REQUIRE(given.started.size() == 2);
    CHECK(given.started[1].scheduled == noon + 1min);
    CHECK(given.started[1].at >= full_minute);
    CHECK(given.started[1].at < full_minute + 1us);
  }

  TEST_CASE("does not repeat the slot it was started in") {
    SchedulerFixture given(noon + 400ms);
    given.scheduler.add(minutely("metric:cpu"));

    given.pass(1min);

    CHECK(given.stamps() == Stamps{noon, noon + 1min});
  }

  TEST_CASE("aligns an interval of ten seconds or an hour to its own multiples") {
    SchedulerFixture given(noon - 15s);
    given.scheduler.add({.id = "metric:fast", .interval = 10s});
    given.scheduler.add({.id = "metric:slow", .interval = 1h});

    given.pass(20s);

    CHECK(given.status("metric:fast").next_due == noon + 10s);
    CHECK(given.status("metric:fast").last_scheduled == noon);
    CHECK(given.status("metric:fast").started == 3);
    CHECK(given.status("metric:slow").next_due == noon + 1h);
    CHECK(given.status("metric:slow").last_scheduled == noon);
  }

  TEST_CASE("stamps the first rounds of aligned jobs that are added together alike") {
    SchedulerFixture given(noon + 10s + 999ms);
    given.scheduler.add(minutely("metric:a"));
    given.clock.advance(2ms);
    given.scheduler.add(minutely("metric:b"));

    given.pass(0s);

    CHECK(given.ids() == Ids{"metric:a", "metric:b"});
    CHECK(given.stamps() == Stamps{noon + 11s, noon + 11s});
  }

  TEST_CASE("spreads the first rounds of checks over a few seconds") {
    SchedulerFixture given;
    for (int i = 0; i < 100; ++i)
      given.scheduler.add(spread_minutely("check:" + std::to_string(i)));

    given.pass(2'500ms);
    const auto in_first_half = given.started.size();
    given.pass(2'500ms);

    CHECK(given.started.size() == 100);
    CHECK(in_first_half > 30);
    CHECK(in_first_half < 70);
  }

  TEST_CASE("gives a check the same delay after every start") {
    SchedulerFixture one;
    SchedulerFixture two(noon + 17min);
    one.scheduler.add(spread_minutely("check:web"));
    two.scheduler.add(spread_minutely("check:web"));

    one.pass(5s);
    two.pass(5s);

    REQUIRE(one.started.size() == 1);
    REQUIRE(two.started.size() == 1);
    CHECK(one.started[0].scheduled - noon == two.started[0].scheduled - (noon + 17min));
  }

  TEST_CASE("spreads the first round of a job with a short interval over no more than that") {
    SchedulerFixture given;
    given.scheduler.add({.id = "check:fast", .interval = 1s, .phase = Phase::spread});

    given.pass(1s);

    CHECK(given.started.size() == 1);
  }

  TEST_CASE("repeats a check at first + k * interval, stamped with when it was due") {
    SchedulerFixture given;
    given.scheduler.add(spread_minutely("check:web"));
    given.pass(5s);
    const auto first = given.started.at(0).scheduled;

    given.pass(2min);

    CHECK(given.stamps() == Stamps{first, first + 1min, first + 2min});
    CHECK(given.status("check:web").next_due == first + 3min);
  }

  TEST_CASE("skips and counts the rounds that would overlap") {
    SchedulerFixture given;
    given.let_rounds_run();
    given.scheduler.add(minutely("metric:slow"));
    given.pass(2min + 30s);

    given.scheduler.finished("metric:slow");
    given.pass(30s);

    CHECK(given.stamps() == Stamps{noon, noon + 3min});
    const auto status = given.status("metric:slow");
    CHECK(status.started == 2);
    CHECK(status.skipped == 2);
    CHECK(status.is_running);
  }

  TEST_CASE("holds back rounds beyond the limit and starts them in due order as others finish") {
    SchedulerFixture given(noon, 2);
    given.let_rounds_run();
    for (const auto* id : {"metric:d", "metric:c", "metric:b", "metric:a"}) {
      given.scheduler.add(minutely(id));
    }
    given.pass(20s);
    CHECK(given.ids() == Ids{"metric:d", "metric:c"});
    CHECK(given.scheduler.running_count() == 2);
    CHECK(given.status("metric:b").is_waiting);

    given.scheduler.finished("metric:c");
    CHECK(given.ids() == Ids{"metric:d", "metric:c", "metric:b"});
    given.scheduler.finished("metric:b");

    CHECK(given.ids() == Ids{"metric:d", "metric:c", "metric:b", "metric:a"});
    CHECK(given.stamps() == Stamps(4, noon));
    CHECK_FALSE(given.status("metric:a").is_waiting);
  }

  TEST_CASE("counts a round as skipped while the one before still waits its turn") {
    SchedulerFixture given(noon, 1);
    given.let_rounds_run();
    given.scheduler.add(minutely("metric:a"));
    given.scheduler.add(minutely("metric:b"));

    given.pass(1min);
    given.scheduler.finished("metric:a");

    CHECK(given.ids() == Ids{"metric:a", "metric:b"});
    CHECK(given.stamps() == Stamps{noon, noon});
    CHECK(given.status("metric:b").skipped == 1);
  }

  TEST_CASE("starts a thousand rounds that finish within their own start, one after another") {
    SchedulerFixture given(noon, 1);
    for (int i = 0; i < 1'000; ++i) given.scheduler.add(minutely("metric:" + std::to_string(i)));

    given.pass(0s);

    CHECK(given.started.size() == 1'000);
    CHECK(given.scheduler.running_count() == 0);
  }

  TEST_CASE("starts no removed job, whether it waits for its time or for its turn") {
    SchedulerFixture given(noon, 1);
    given.let_rounds_run();
    given.scheduler.add(minutely("metric:a"));
    given.scheduler.add(minutely("metric:b"));
    given.scheduler.add(spread_minutely("check:c"));
    given.pass(0s);

    given.scheduler.remove("metric:b");
    given.scheduler.remove("check:c");
    given.scheduler.finished("metric:a");
    given.pass(30s);

    CHECK(given.ids() == Ids{"metric:a"});
    CHECK(given.scheduler.snapshot().size() == 1);
  }

  TEST_CASE("forgets an aligned job that is removed before its first round") {
    SchedulerFixture given;
    given.scheduler.add(minutely("metric:a"));

    given.scheduler.remove("metric:a");
    given.pass(5min);

    CHECK(given.started.empty());
  }

  TEST_CASE("lets a start remove its own job and others that are due with it") {
    SchedulerFixture given;
    given.on_start = [&](const std::string& id) {
      given.scheduler.remove("metric:a");
      given.scheduler.remove("metric:b");
      given.scheduler.finished(id);
    };
    given.scheduler.add(minutely("metric:a"));
    given.scheduler.add(minutely("metric:b"));

    given.pass(5min);

    CHECK(given.ids() == Ids{"metric:a"});
    CHECK(given.scheduler.snapshot().empty());
    CHECK(given.timers.next_due() == std::nullopt);
  }

  TEST_CASE("still counts the round of a job that was removed while it ran") {
    SchedulerFixture given;
    given.let_rounds_run();
    given.scheduler.add(minutely("metric:a"));
    given.pass(0s);

    given.scheduler.remove("metric:a");
    CHECK(given.scheduler.running_count() == 1);
    given.scheduler.finished("metric:a");
    CHECK(given.scheduler.running_count() == 0);
  }

  TEST_CASE("does not start a job that was added again before its old round has finished") {
    for (const auto& plan : {minutely("job"), spread_minutely("job")}) {
      CAPTURE(static_cast<int>(plan.phase));
      SchedulerFixture given;
      given.let_rounds_run();
      given.scheduler.add(plan);
      given.pass(5s);

      given.scheduler.remove("job");
      given.scheduler.add(plan);
      given.pass(10s);
      CHECK(given.started.size() == 1);
      given.scheduler.finished("job");

      CHECK(given.started.size() == 2);
      CHECK(given.status("job").skipped == 0);
    }
  }

  TEST_CASE("keeps the phase and the counts of a job whose plan is added again unchanged") {
    SchedulerFixture given;
    given.scheduler.add(spread_minutely("check:web"));
    given.scheduler.add(minutely("metric:cpu"));
    given.pass(30s);
    const auto check = given.status("check:web");

    given.scheduler.add(spread_minutely("check:web"));
    given.scheduler.add(minutely("metric:cpu"));
    given.pass(20s);

    CHECK(given.started.size() == 2);
    CHECK(given.status("check:web").next_due == check.next_due);
    CHECK(given.status("metric:cpu").next_due == noon + 1min);
  }

  TEST_CASE("starts a job over whose interval has changed") {
    SchedulerFixture given;
    given.scheduler.add(minutely("metric:cpu"));
    given.pass(25s);

    given.scheduler.add({.id = "metric:cpu", .interval = 10s});
    given.pass(10s);

    CHECK(given.stamps() == Stamps{noon, noon + 25s, noon + 30s});
    CHECK(given.status("metric:cpu").next_due == noon + 40s);
    CHECK(given.status("metric:cpu").started == 3);
  }

  TEST_CASE("starts nothing any more after stop, but still hears what finishes") {
    SchedulerFixture given(noon, 1);
    given.let_rounds_run();
    given.scheduler.add(minutely("metric:a"));
    given.scheduler.add(minutely("metric:b"));
    given.scheduler.add(spread_minutely("check:c"));
    given.pass(0s);

    given.scheduler.stop();
    given.scheduler.add(minutely("metric:d"));
    given.scheduler.finished("metric:a");
    given.scheduler.clock_stepped();
    given.pass(1h);

    CHECK(given.ids() == Ids{"metric:a"});
    CHECK(given.scheduler.running_count() == 0);
    CHECK(given.timers.next_due() == std::nullopt);
    CHECK(given.status("metric:a").next_due == std::nullopt);
  }

  TEST_CASE("tells of a job that has not run yet when it will") {
    SchedulerFixture given;
    given.scheduler.add(minutely("metric:a"));

    const auto status = given.status("metric:a");

    CHECK(status.last_scheduled == std::nullopt);
    CHECK(status.next_due == noon);
    CHECK(status.started == 0);
    CHECK_FALSE(status.is_running);
  }
}
