#include "queue/ledger.h"

#include <algorithm>

namespace shoal::queue {

void Ledger::accept(Id id, std::uint64_t bytes, WallTime now) {
  if (accounts.pending == 0) {
    low = id;
    accounts.oldest_pending = now;
  }
  high = std::max(high, id);
  accounts.accept(bytes);
}

void Ledger::settle(Id id, Fate fate, std::uint64_t bytes) {
  accounts.settle(fate, bytes);
  if (id == low) {
    low = id + 1;
    accounts.oldest_pending.reset();
  }
}

void Ledger::find_pending(Id id, std::uint64_t bytes, WallTime accepted) {
  if (accounts.pending == 0 || id < low) {
    low = id;
    accounts.oldest_pending = accepted;
  }
  high = std::max(high, id);
  ++accounts.pending;
  accounts.pending_bytes += bytes;
}

void Ledger::raise_low(Id id) {
  if (id == low) return;
  low = id;
  accounts.oldest_pending.reset();
}

void Ledger::balance() {
  const std::uint64_t known = accounts.settled() + accounts.pending;
  if (known > accounts.accepted) {
    accounts.accepted = known;
  } else {
    accounts.lost += accounts.accepted - known;
  }
}

void Ledger::forget_pending() {
  accounts.pending = 0;
  accounts.pending_bytes = 0;
  accounts.oldest_pending.reset();
}

}  // namespace shoal::queue
