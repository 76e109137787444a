// A hierarchical timer wheel: arming and disarming cost the same however many timers there are,
// and the next expiry is exact, so nobody ever wakes up for nothing.
//
// Each level has 64 slots, each slot of a level spans all 64 of the level below, and eleven levels
// cover every 64-bit tick. A timer is filed by the highest bit in which its deadline differs from
// the present, so whatever is on a lower level falls due before everything on a higher one, and
// within a level the first occupied slot comes first. Entering a coarse slot files its timers anew.
//
// Allocates nothing: timers belong to the caller and are linked through themselves. Knows no
// clock: a tick is whatever the caller means by it. Not thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace shoal::schedule {

class TimerWheel {
  struct Link {
    Link* previous = nullptr;
    Link* next = nullptr;
  };

 public:
  using Tick = std::uint64_t;

  // To be derived from, or to be a member. Stays where it is while armed, and must be disarmed
  // before it goes.
  class Timer : private Link {
   public:
    Timer() = default;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer() { assert(!is_armed()); }

    bool is_armed() const { return next != nullptr; }
    Tick due() const { return due_; }

   private:
    friend class TimerWheel;
    Tick due_ = 0;
  };

  explicit TimerWheel(Tick now = 0);
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  // Replaces any earlier deadline of `timer`. A deadline that has passed becomes now().
  void arm(Timer& timer, Tick due) {
    disarm(timer);
    timer.due_ = std::max(due, now_);
    file(timer);
  }

  // Does nothing if `timer` is not armed.
  void disarm(Timer& timer) {
    if (timer.is_armed()) unfile(timer);
  }

  // The earliest deadline of all. Constant time, save after the earliest timer of a coarse slot
  // was disarmed: then that slot is looked through once.
  std::optional<Tick> next_due() const;

  // Moves the present to `now` or, on the way there, to the earliest deadline; that timer is
  // disarmed and returned. Calling until null gives all that is due, earliest first, those with
  // the same deadline in the order they were armed. In between any timer may be armed or disarmed.
  Timer* pop_due(Tick now);

  // As far as pop_due() has come; never goes back.
  Tick now() const { return now_; }

 private:
  static constexpr unsigned bits_per_level = 6;
  static constexpr std::size_t slots_per_level = std::size_t{1} << bits_per_level;
  static constexpr std::size_t level_count = (64 + bits_per_level - 1) / bits_per_level;
  static constexpr Tick unknown = 0;
  static constexpr Tick never = ~Tick{0};

  struct Slot {
    Link ends;  // next is the first timer, previous the last; both itself when empty
    mutable Tick earliest = never;
  };

  static std::size_t level_of(Tick difference) {
    return (std::bit_width(difference | 1) - 1U) / bits_per_level;
  }
  static std::size_t slot_index(std::size_t level, Tick tick) {
    return level * slots_per_level + (tick >> (level * bits_per_level)) % slots_per_level;
  }
  static std::uint64_t slot_bit(std::size_t index) {
    return std::uint64_t{1} << index % slots_per_level;
  }
  std::size_t index_of(Tick due) const { return slot_index(level_of(due ^ now_), due); }

  void file(Timer& timer) {
    const std::size_t index = index_of(timer.due_);
    Slot& slot = slots_[index];
    timer.next = &slot.ends;
    timer.previous = slot.ends.previous;
    timer.previous->next = &timer;
    slot.ends.previous = &timer;
    slot.earliest = std::min(slot.earliest, timer.due_);
    occupied_[index / slots_per_level] |= slot_bit(index);
  }

  void unfile(Timer& timer) {
    const std::size_t index = index_of(timer.due_);
    Slot& slot = slots_[index];
    timer.previous->next = timer.next;
    timer.next->previous = timer.previous;
    timer.next = nullptr;
    if (slot.ends.next == &slot.ends) {
      slot.earliest = never;
      occupied_[index / slots_per_level] &= ~slot_bit(index);
    } else if (slot.earliest == timer.due_ && index >= slots_per_level) {
      slot.earliest = unknown;
    }
  }

  void advance(Tick now);
  void file_anew(Slot& slot);
  static Tick earliest_in(const Slot& slot);

  Tick now_;
  std::array<std::uint64_t, level_count> occupied_{};
  std::array<Slot, level_count * slots_per_level> slots_;
};

}  // namespace shoal::schedule
