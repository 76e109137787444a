// The timer wheel, driven by the event loop: its next expiry is the loop's one alarm. Loop thread
// only.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/event_loop.h"
#include "base/timers.h"
#include "schedule/wheel_timers.h"

namespace shoal::agent {

class LoopTimers final : public Timers {
 public:
  // Takes the loop's alarm and its before_wait for itself.
  LoopTimers(EventLoop& loop, const Clock& clock);

  Id call_at(SteadyTime due, Handler handler) override {
    return wheel_.call_at(due, std::move(handler));
  }
  void cancel(Id id) override { wheel_.cancel(id); }
  // After someone set the wall clock: the alarm stands on it.
  void clock_stepped() { alarm_.reset(); }

 private:
  void set_alarm();

  EventLoop& loop_;
  const Clock& clock_;
  schedule::WheelTimers wheel_;
  std::optional<SteadyTime> alarm_;  // the expiry for which the loop's alarm is set
};

}  // namespace shoal::agent
