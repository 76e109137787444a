// Records for one output that needs no durability: bounded, in memory, gone with the process.
// Thread-safe.
#pragma once

#include <map>
#include <mutex>

#include "base/clock.h"
#include "deliver/source.h"
#include "queue/queue_limits.h"

namespace shoal::deliver {

class MemorySource final : public Source {
 public:
  explicit MemorySource(const Clock& clock, queue::QueueLimits limits = {.bytes = 8 << 20})
      : clock_(clock), limits_(limits) {}

  // Beyond the limits, the oldest are dropped or expired.
  void append(std::span<const record::Record> records);

  std::vector<queue::Item> take(const queue::Selection& selection) override;
  void settle(std::span<const queue::Settlement> settlements) override;
  std::uint64_t pending() override;
  queue::Accounts accounts() override;
  queue::Id last_id() override;

 private:
  struct Stored {
    record::Record record;
    std::uint64_t bytes;
    WallTime accepted;
  };
  using Rows = std::map<queue::Id, Stored>;

  void settle_row(Rows::iterator row, queue::Fate fate);
  void enforce_limits();

  const Clock& clock_;
  const queue::QueueLimits limits_;
  std::mutex mutex_;
  Rows rows_;
  queue::Accounts accounts_;
  queue::Id last_id_ = 0;
};

}  // namespace shoal::deliver
