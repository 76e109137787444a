#include "queue/accounts.h"

#include <algorithm>

namespace shoal::queue {
namespace {

std::uint64_t& counter(Accounts& accounts, Fate fate) {
  switch (fate) {
    case Fate::delivered:
      return accounts.delivered;
    case Fate::rejected:
      return accounts.rejected;
    case Fate::expired:
      return accounts.expired;
    case Fate::dropped:
      return accounts.dropped;
    case Fate::lost:
      break;
  }
  return accounts.lost;
}

}  // namespace

void Accounts::accept(std::uint64_t bytes) {
  ++accepted;
  ++pending;
  pending_bytes += bytes;
}

void Accounts::settle(Fate fate, std::uint64_t bytes) {
  // Only a file that was changed behind our back names more than was accepted.
  if (pending == 0) return;
  --pending;
  pending_bytes -= std::min(bytes, pending_bytes);
  ++counter(*this, fate);
}

}  // namespace shoal::queue
