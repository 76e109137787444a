#include "agent/loop_timers.h"

namespace shoal::agent {

LoopTimers::LoopTimers(EventLoop& loop, const Clock& clock) : loop_(loop), clock_(clock) {
  loop_.on_alarm([this] {
    alarm_.reset();
    wheel_.run_due(clock_.steady());
  });
  loop_.before_wait([this] { set_alarm(); });
}

void LoopTimers::set_alarm() {
  const auto due = wheel_.next_due();
  if (due == alarm_) return;
  alarm_ = due;
  loop_.set_alarm(due ? clock_.wall() + (*due - clock_.steady()) : WallTime::max());
}

}  // namespace shoal::agent
