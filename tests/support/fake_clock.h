// A clock that stands still until a test moves it. Not thread-safe.
#pragma once

#include "base/clock.h"

namespace shoal::test {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(WallTime wall = from_unix_nanoseconds(1'800'000'000'000'000'000))
      : wall_(wall), steady_(std::chrono::hours(1)) {}

  WallTime wall() const override { return wall_; }
  SteadyTime steady() const override { return steady_; }

  // Time passes, as it does for both clocks.
  void advance(std::chrono::nanoseconds duration) {
    wall_ += duration;
    steady_ += duration;
  }
  // Someone sets the wall clock.
  void step(std::chrono::nanoseconds duration) { wall_ += duration; }

 private:
  WallTime wall_;
  SteadyTime steady_;
};

}  // namespace shoal::test
