// How long to wait before the next try: exponential with full jitter. Knows no clock and draws no
// random numbers itself. Not thread-safe.
#pragma once

#include <chrono>
#include <functional>

namespace shoal {

class Backoff {
 public:
  using Duration = std::chrono::milliseconds;
  // Returns a number in [0, 1).
  using Random = std::function<double()>;

  Backoff(Duration first, Duration longest, Random random)
      : first_(first), longest_(longest), ceiling_(first), random_(std::move(random)) {}

  // The wait after one more failure: uniform in [ceiling / 10, ceiling], where the ceiling doubles
  // with each failure up to the longest.
  Duration next();

  // After a success.
  void reset() { ceiling_ = first_; }

 private:
  Duration first_;
  Duration longest_;
  Duration ceiling_;
  Random random_;
};

// A Random of its own seed from the system; not thread-safe.
Backoff::Random system_random();

}  // namespace shoal
