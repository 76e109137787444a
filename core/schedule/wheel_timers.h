// The Timers of the loop thread, over a timer wheel of microseconds. Knows neither a clock nor the
// loop: who owns it asks next_due() when to wake up and then calls run_due().
// Loop thread only.
#pragma once

#include <optional>
#include <unordered_map>

#include "base/clock.h"
#include "base/timers.h"
#include "schedule/timer_wheel.h"

namespace shoal::schedule {

class WheelTimers final : public Timers {
 public:
  WheelTimers() = default;
  ~WheelTimers() override;

  Id call_at(SteadyTime due, Handler handler) override;
  void cancel(Id id) override;

  // When run_due() will have something to do; never earlier than that.
  std::optional<SteadyTime> next_due() const;

  // Calls the handlers of all timers that are due, earliest first. A handler may set and cancel
  // any timer; what it sets for now or earlier is left for the next call, so that this one ends.
  void run_due(SteadyTime now);

 private:
  struct Entry : TimerWheel::Timer {
    Id id = 0;
    Handler handler;
  };

  TimerWheel wheel_;
  std::unordered_map<Id, Entry> entries_;
  Id last_id_ = 0;
  TimerWheel::Tick earliest_allowed_ = 0;
};

}  // namespace shoal::schedule
