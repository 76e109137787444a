#include "schedule/timer_wheel.h"

namespace shoal::schedule {

TimerWheel::TimerWheel(Tick now) : now_(now) {
  for (Slot& slot : slots_) slot.ends.next = slot.ends.previous = &slot.ends;
}

std::optional<TimerWheel::Tick> TimerWheel::next_due() const {
  for (std::size_t level = 0; level < level_count; ++level) {
    if (occupied_[level] == 0) continue;
    const auto first = static_cast<std::size_t>(std::countr_zero(occupied_[level]));
    return earliest_in(slots_[level * slots_per_level + first]);
  }
  return std::nullopt;
}

TimerWheel::Timer* TimerWheel::pop_due(Tick now) {
  const auto due = next_due();
  if (!due || *due > now) {
    advance(now);
    return nullptr;
  }
  advance(*due);
  auto* timer = static_cast<Timer*>(slots_[index_of(*due)].ends.next);
  unfile(*timer);
  return timer;
}

// Nothing is due before `now`. So all levels below that of the highest changed digit are empty,
// and of that level only the slot that is entered holds timers that now belong elsewhere.
void TimerWheel::advance(Tick now) {
  if (now <= now_) return;
  const std::size_t level = level_of(now ^ now_);
  now_ = now;
  if (level > 0) file_anew(slots_[slot_index(level, now)]);
}

void TimerWheel::file_anew(Slot& slot) {
  Link* link = slot.ends.next;
  slot.ends.next = slot.ends.previous = &slot.ends;
  slot.earliest = never;
  const auto index = static_cast<std::size_t>(&slot - slots_.data());
  occupied_[index / slots_per_level] &= ~slot_bit(index);

  while (link != &slot.ends) {
    auto& timer = static_cast<Timer&>(*link);
    link = link->next;
    file(timer);
  }
}

TimerWheel::Tick TimerWheel::earliest_in(const Slot& slot) {
  if (slot.earliest != unknown) return slot.earliest;
  Tick earliest = never;
  for (const Link* link = slot.ends.next; link != &slot.ends; link = link->next) {
    earliest = std::min(earliest, static_cast<const Timer*>(link)->due_);
  }
  slot.earliest = earliest;
  return earliest;
}

}  // namespace shoal::schedule
