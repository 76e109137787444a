// One-shot timers on the loop thread, as runners need them for deadlines. The implementation over
// the timer wheel is schedule::WheelTimers. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>

#include "base/clock.h"

namespace shoal {

class Timers {
 public:
  using Id = std::uint64_t;
  using Handler = std::function<void()>;

  virtual ~Timers() = default;
  // Calls `handler` once at or after `due`. Ids are never 0 and never used twice.
  virtual Id call_at(SteadyTime due, Handler handler) = 0;
  // Does nothing if the timer has fired or was cancelled.
  virtual void cancel(Id id) = 0;
};

}  // namespace shoal
