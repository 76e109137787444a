// Where a delivery takes its records from: the durable queue, or memory for outputs that need no
// more. Implementations are thread-safe: records come in while a delivery takes and settles.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "queue/item.h"

namespace shoal::deliver {

class Source {
 public:
  virtual ~Source() = default;
  // As Queue::take(): always oldest first; they stay until they are settled.
  virtual std::vector<queue::Item> take(const queue::Selection& selection) = 0;
  virtual void settle(std::span<const queue::Settlement> settlements) = 0;
  virtual std::uint64_t pending() = 0;
  virtual queue::Accounts accounts() = 0;
  // The newest record that was accepted, whether or not for this output.
  virtual queue::Id last_id() = 0;
};

}  // namespace shoal::deliver
