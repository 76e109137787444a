// How long one call waits for descriptors: until its deadline, or until someone cancels it.
// Knows nothing of what is waited for. For the thread of the call.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace shoal::plugin {

class Patience {
 public:
  Patience(const Clock& clock, SteadyTime deadline, const std::atomic<std::uint32_t>& cancel)
      : clock_(clock), deadline_(deadline), cancel_(cancel) {}

  // Waits until `fd` is ready for `events` (as for poll) or has failed. Throws HttpFailure with
  // CallStatus::deadline or CallStatus::cancelled, and no text, when patience ends first.
  void wait(int fd, short events) const;
  // The same, but false at `until` if that comes before the deadline.
  bool wait_until(int fd, short events, SteadyTime until) const;

  // Throws as wait() does if patience has ended.
  void check() const;

  SteadyTime now() const { return clock_.steady(); }
  std::chrono::nanoseconds left() const { return deadline_ - clock_.steady(); }

 private:
  const Clock& clock_;
  SteadyTime deadline_;
  const std::atomic<std::uint32_t>& cancel_;
};

}  // namespace shoal::plugin
