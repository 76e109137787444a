// When a plugin that keeps dying may be started again: after a growing wait; after five deaths in
// ten minutes it is quarantined and tried once an hour. Knows no clock. Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "base/backoff.h"
#include "base/clock.h"

namespace shoal::plugin {

class Restarts {
 public:
  explicit Restarts(Backoff::Random random);

  void note_death(SteadyTime now);
  // Empty: at once.
  std::optional<SteadyTime> not_before(SteadyTime now) const;
  bool is_quarantined() const { return is_quarantined_; }
  std::size_t deaths() const { return deaths_; }
  // It lives, and long enough to be trusted again. Also ends a quarantine.
  void note_life(SteadyTime since, SteadyTime now);
  // As if it had never died; deaths are still counted.
  void forgive();

 private:
  Backoff backoff_;
  std::deque<SteadyTime> recent_;
  std::optional<SteadyTime> not_before_;
  bool is_quarantined_ = false;
  std::size_t deaths_ = 0;
};

}  // namespace shoal::plugin
