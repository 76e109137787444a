// How long a check may still wait: until its own timeout, but early enough for a verdict
// before the round is over, or until the round is cancelled. One per round; not thread-safe.
#pragma once

#include <algorithm>
#include <chrono>

#include <shoal/plugin.hpp>

namespace shoal::common {

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  Deadline(const Call& call, std::chrono::milliseconds timeout)
      : call_(&call), end_(Clock::now() + std::min<Clock::duration>(timeout, round_left(call))) {}
  // Of nothing but time, for whoever is no round.
  explicit Deadline(std::chrono::milliseconds timeout) : end_(Clock::now() + timeout) {}

  std::chrono::milliseconds left() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now());
    return std::max(left, std::chrono::milliseconds(0));
  }
  bool has_passed() const { return left().count() == 0; }

  // Throws the Failure of a round that shall end.
  void throw_if_cancelled() const {
    if (call_ != nullptr && call_->is_cancelled()) throw Failure("cancelled", SHOAL_CANCELLED);
  }

 private:
  static Clock::duration round_left(const Call& call) {
    constexpr std::chrono::milliseconds for_the_verdict{100};
    const auto* clock =
        static_cast<const shoal_clock*>(call.context().service(SHOAL_SERVICE_CLOCK));
    const auto left = call.raw().deadline_ns - clock->steady_ns(call.context().raw());
    return std::chrono::nanoseconds(left) - for_the_verdict;
  }

  const Call* call_ = nullptr;
  Clock::time_point end_;
};

}  // namespace shoal::common
