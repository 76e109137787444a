#include "schedule/wheel_timers.h"

#include <algorithm>
#include <utility>

namespace shoal::schedule {
namespace {

using std::chrono::microseconds;

// Deadlines round up and the present rounds down, so that nothing is early.
TimerWheel::Tick tick_of_deadline(SteadyTime due) {
  const auto count = std::chrono::ceil<microseconds>(due.time_since_epoch()).count();
  return static_cast<TimerWheel::Tick>(std::max<std::int64_t>(count, 0));
}

TimerWheel::Tick tick_of_present(SteadyTime now) {
  const auto count = std::chrono::floor<microseconds>(now.time_since_epoch()).count();
  return static_cast<TimerWheel::Tick>(std::max<std::int64_t>(count, 0));
}

}  // namespace

WheelTimers::~WheelTimers() {
  for (auto& [id, entry] : entries_) wheel_.disarm(entry);
}

Timers::Id WheelTimers::call_at(SteadyTime due, Handler handler) {
  const Id id = ++last_id_;
  Entry& entry = entries_[id];
  entry.id = id;
  entry.handler = std::move(handler);
  wheel_.arm(entry, std::max(tick_of_deadline(due), earliest_allowed_));
  return id;
}

void WheelTimers::cancel(Id id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  wheel_.disarm(found->second);
  entries_.erase(found);
}

std::optional<SteadyTime> WheelTimers::next_due() const {
  const auto tick = wheel_.next_due();
  if (!tick) return std::nullopt;
  return SteadyTime(microseconds(static_cast<std::int64_t>(*tick)));
}

void WheelTimers::run_due(SteadyTime now) {
  const auto present = tick_of_present(now);
  earliest_allowed_ = present + 1;
  while (auto* timer = wheel_.pop_due(present)) {
    const auto entry = entries_.extract(static_cast<Entry*>(timer)->id);
    entry.mapped().handler();
  }
  earliest_allowed_ = 0;
}

}  // namespace shoal::schedule
