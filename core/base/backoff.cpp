#include "base/backoff.h"

#include <algorithm>
#include <random>

namespace shoal {

Backoff::Duration Backoff::next() {
  const Duration ceiling = ceiling_;
  ceiling_ = std::min(longest_, ceiling_ * 2);
  // A thousand hosts that lost the same server must not come back in the same second; the floor
  // keeps an unlucky draw from hammering it.
  const double share = 0.1 + 0.9 * random_();
  return Duration{static_cast<Duration::rep>(static_cast<double>(ceiling.count()) * share)};
}

Backoff::Random system_random() {
  return [engine = std::minstd_rand(std::random_device{}())]() mutable {
    return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
  };
}

}  // namespace shoal
