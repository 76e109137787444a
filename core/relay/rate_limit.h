// A token bucket: so many in a second, and a second's worth at once. Thread-safe.
#pragma once

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/clock.h"

namespace shoal::relay {

class RateLimit {
 public:
  // `per_second` 0: no limit.
  RateLimit(const Clock& clock, int per_second)
      : clock_(clock), per_second_(per_second), tokens_(per_second), filled_(clock.steady()) {}

  // False: this one is too many.
  bool take() {
    if (per_second_ == 0) return true;
    const std::lock_guard lock(mutex_);
    const SteadyTime now = clock_.steady();
    const std::chrono::duration<double> passed = now - std::exchange(filled_, now);
    tokens_ = std::min<double>(tokens_ + passed.count() * per_second_, per_second_);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  const Clock& clock_;
  const double per_second_;
  std::mutex mutex_;
  double tokens_;
  SteadyTime filled_;
};

}  // namespace shoal::relay
