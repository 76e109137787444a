// The outputs of a queue with their accounts, as the queue keeps them in memory. Plain data.
// Private to the queue.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "queue/accounts.h"
#include "queue/item.h"
#include "queue/queue_limits.h"

namespace shoal::queue {

struct Ledger {
  std::string name;  // empty: the bit is free
  QueueLimits limits;
  bool is_registered = false;
  Accounts accounts;
  // No pending record has an id outside [low, high]; keeps scans short. While
  // accounts.oldest_pending has a value, low is that record's id.
  Id low = 1;
  Id high = 0;

  void accept(Id id, std::uint64_t bytes, WallTime now);
  void settle(Id id, Fate fate, std::uint64_t bytes);
  // A record that is already counted as accepted was found waiting.
  void find_pending(Id id, std::uint64_t bytes, WallTime accepted);
  // Nothing is pending below `id`.
  void raise_low(Id id);
  // Counts as lost what the accounts say is pending beyond what was found; should more have been
  // found than was ever accepted, counts it as accepted.
  void balance();
  // Forgets what is pending, before it is counted anew.
  void forget_pending();
};

// The position is the OutputBit.
using Book = std::vector<Ledger>;

// Calls `act` with each ledger whose bit is in `outputs`.
template <class Act>
void for_each(Book& book, OutputMask outputs, Act act) {
  for (unsigned bit = 0; bit < book.size(); ++bit) {
    if ((outputs >> bit & 1) != 0) act(book[bit]);
  }
}

}  // namespace shoal::queue
