// A scheduler on a fake clock, and what it started.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "schedule/scheduler.h"
#include "schedule/wheel_timers.h"
#include "support/fake_clock.h"

namespace shoal::test {

using namespace std::chrono_literals;
using schedule::JobPlan;
using schedule::JobStatus;
using schedule::Phase;

// 2026-01-02 12:00:00 UTC.
inline constexpr WallTime noon{std::chrono::sys_days{std::chrono::January / 2 / 2026} + 12h};

struct Started {
  std::string id;
  WallTime scheduled;
  SteadyTime at;
};

struct SchedulerFixture {
  explicit SchedulerFixture(WallTime begin = noon, std::size_t running_limit = 64)
      : clock(begin),
        scheduler(
            clock, timers,
            [this](const std::string& id, WallTime scheduled) {
              started.push_back({id, scheduled, clock.steady()});
              on_start(id);
            },
            running_limit) {}

  // Time passes, and the loop wakes up whenever the timers ask for it.
  void pass(std::chrono::nanoseconds duration) {
    const auto end = clock.steady() + duration;
    for (auto due = timers.next_due(); due && *due <= end; due = timers.next_due()) {
      if (*due > clock.steady()) clock.advance(*due - clock.steady());
      timers.run_due(clock.steady());
    }
    clock.advance(end - clock.steady());
    timers.run_due(clock.steady());
  }

  // Time passes, and nobody wakes up before the end of it.
  void suspend(std::chrono::nanoseconds duration) {
    clock.advance(duration);
    timers.run_due(clock.steady());
  }

  void step_clock(std::chrono::nanoseconds duration) {
    clock.step(duration);
    scheduler.clock_stepped();
  }

  // Rounds run until the test says finished().
  void let_rounds_run() {
    on_start = [](const std::string&) {};
  }

  std::vector<WallTime> stamps() const {
    std::vector<WallTime> all;
    for (const auto& round : started) all.push_back(round.scheduled);
    return all;
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> all;
    for (const auto& round : started) all.push_back(round.id);
    return all;
  }
  JobStatus status(std::string_view id) const {
    for (const auto& job : scheduler.snapshot()) {
      if (job.id == id) return job;
    }
    return {};
  }

  FakeClock clock;
  schedule::WheelTimers timers;
  std::vector<Started> started;
  schedule::Scheduler scheduler;
  std::function<void(const std::string&)> on_start = [this](const std::string& id) {
    scheduler.finished(id);
  };
};

using Stamps = std::vector<WallTime>;
using Ids = std::vector<std::string>;

inline JobPlan minutely(std::string id) {
  return {.id = std::move(id), .interval = 60s, .phase = Phase::aligned};
}
inline JobPlan spread_minutely(std::string id) {
  return {.id = std::move(id), .interval = 60s, .phase = Phase::spread};
}

}  // namespace shoal::test
