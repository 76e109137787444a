#include "schedule/wheel_timers.h"

#include <vector>

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using shoal::SteadyTime;
using shoal::schedule::WheelTimers;

TEST_SUITE("WheelTimers") {
  TEST_CASE("calls a handler once its time has come, and once only") {
    WheelTimers timers;
    int calls = 0;
    timers.call_at(SteadyTime(1s), [&] { ++calls; });

    timers.run_due(SteadyTime(1s - 1ns));
    CHECK(calls == 0);
    timers.run_due(SteadyTime(1s));
    timers.run_due(SteadyTime(2s));
    CHECK(calls == 1);
  }

  TEST_CASE("is never early by the part of a microsecond that a deadline has") {
    WheelTimers timers;
    int calls = 0;
    timers.call_at(SteadyTime(1s + 1ns), [&] { ++calls; });

    timers.run_due(SteadyTime(1s + 1ns));
    CHECK(calls == 0);
    CHECK(timers.next_due() == SteadyTime(1s + 1us));
    timers.run_due(SteadyTime(1s + 1us));
    CHECK(calls == 1);
  }

  TEST_CASE("takes times before the time line begins as due at once") {
    WheelTimers timers;
    int calls = 0;

    timers.call_at(SteadyTime(-5s), [&] { ++calls; });
    timers.run_due(SteadyTime(0s));

    CHECK(calls == 1);
  }

  TEST_CASE("says when it wants to be called next") {
    WheelTimers timers;
    CHECK(timers.next_due() == std::nullopt);
    timers.call_at(SteadyTime(90min), [] {});
    const auto first = timers.call_at(SteadyTime(5s), [] {});

    CHECK(timers.next_due() == SteadyTime(5s));
    timers.cancel(first);
    CHECK(timers.next_due() == SteadyTime(90min));
  }

  TEST_CASE("gives ids that are never 0 and never used twice") {
    WheelTimers timers;

    const auto one = timers.call_at(SteadyTime(1s), [] {});
    timers.cancel(one);
    const auto two = timers.call_at(SteadyTime(1s), [] {});

    CHECK(one != 0);
    CHECK(two != 0);
    CHECK(one != two);
  }

  TEST_CASE("ignores the cancelling of what has fired, was cancelled or never was") {
    WheelTimers timers;
    int calls = 0;
    const auto fired = timers.call_at(SteadyTime(1s), [&] { ++calls; });
    timers.run_due(SteadyTime(1s));

    timers.cancel(fired);
    timers.cancel(12'345);

    CHECK(calls == 1);
  }

  TEST_CASE("lets a handler cancel one that is due in the same call") {
    WheelTimers timers;
    std::vector<int> calls;
    WheelTimers::Id second = 0;
    timers.call_at(SteadyTime(1s), [&] {
      calls.push_back(1);
      timers.cancel(second);
    });
    second = timers.call_at(SteadyTime(1s), [&] { calls.push_back(2); });

    timers.run_due(SteadyTime(1s));

    CHECK(calls == std::vector{1});
  }

  TEST_CASE("lets a handler cancel itself") {
    WheelTimers timers;
    WheelTimers::Id own = 0;
    std::string after;
    own = timers.call_at(SteadyTime(1s), [&, text = std::string("a capture on the heap, surely")] {
      timers.cancel(own);
      after = text;
    });

    timers.run_due(SteadyTime(1s));

    CHECK(after == "a capture on the heap, surely");
  }

  TEST_CASE("leaves what a handler sets for now to the next call") {
    WheelTimers timers;
    int calls = 0;
    std::function<void()> again = [&] {
      ++calls;
      timers.call_at(SteadyTime(1s), again);
    };
    timers.call_at(SteadyTime(1s), again);

    timers.run_due(SteadyTime(1s));
    CHECK(calls == 1);
    timers.run_due(SteadyTime(1s + 1us));
    CHECK(calls == 2);
  }
}
