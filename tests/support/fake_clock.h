// A clock that stands still until a test moves it. Thread-safe.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace shoal::test {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(WallTime wall = from_unix_nanoseconds(1'800'000'000'000'000'000))
      : wall_(unix_nanoseconds(wall)) {}

  WallTime wall() const override { return from_unix_nanoseconds(wall_); }
  SteadyTime steady() const override { return SteadyTime(std::chrono::nanoseconds(steady_)); }

  // Time passes, as it does for both clocks.
  void advance(std::chrono::nanoseconds duration) {
    wall_ += duration.count();
    steady_ += duration.count();
  }
  // Someone sets the wall clock.
  void step(std::chrono::nanoseconds duration) { wall_ += duration.count(); }

 private:
  std::atomic<std::int64_t> wall_;
  std::atomic<std::int64_t> steady_ = std::chrono::nanoseconds(std::chrono::hours(1)).count();
};

}  // namespace shoal::test
