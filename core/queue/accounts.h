// What became of the records that were meant for one output, in numbers that always add up.
// Plain data; no thread rule of its own.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace shoal::queue {

// How a record left the queue.
enum class Fate : std::uint8_t {
  delivered,
  rejected,  // the receiver will never take it, or nobody can read it any more: dead letter
  expired,   // too old
  dropped,   // to keep within a limit on bytes
  lost       // damaged on disk
};

struct Accounts {
  std::uint64_t accepted = 0;
  std::uint64_t delivered = 0;
  std::uint64_t rejected = 0;
  std::uint64_t expired = 0;
  std::uint64_t dropped = 0;
  std::uint64_t lost = 0;
  std::uint64_t pending = 0;
  std::uint64_t pending_bytes = 0;
  std::optional<WallTime> oldest_pending;  // when the oldest pending record was accepted

  std::uint64_t settled() const { return delivered + rejected + expired + dropped + lost; }
  // What must always hold.
  bool is_balanced() const { return accepted == settled() + pending; }

  void accept(std::uint64_t bytes);
  void settle(Fate fate, std::uint64_t bytes);

  bool operator==(const Accounts&) const = default;
};

}  // namespace shoal::queue
