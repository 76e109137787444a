// Two times: wall time (what people and servers mean; it may step) and steady time (what intervals
// and deadlines are measured in; it never steps and counts suspended time). Everything that needs
// to know the time is given a Clock, so that a test can hand in its own.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace shoal {

using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;

// CLOCK_BOOTTIME where there is one. Names the time line only; the time itself comes from a Clock.
struct SteadyTimeline {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<SteadyTimeline>;
  static constexpr bool is_steady = true;
};
using SteadyTime = SteadyTimeline::time_point;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime wall() const = 0;
  virtual SteadyTime steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  WallTime wall() const override;
  SteadyTime steady() const override;
};

constexpr std::int64_t unix_nanoseconds(WallTime time) {
  return time.time_since_epoch().count();
}
constexpr std::int64_t unix_milliseconds(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}
constexpr std::int64_t unix_seconds(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}
constexpr WallTime from_unix_nanoseconds(std::int64_t count) {
  return WallTime{std::chrono::nanoseconds{count}};
}
// What does not fit becomes the nearest time that does.
constexpr WallTime from_unix_milliseconds(std::int64_t count) {
  constexpr std::int64_t farthest =
      std::chrono::floor<std::chrono::milliseconds>(std::chrono::nanoseconds::max()).count();
  return WallTime{std::chrono::milliseconds{std::clamp(count, -farthest, farthest)}};
}

}  // namespace shoal
