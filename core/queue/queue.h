// The durable queue: a record is stored once, with the set of outputs that have not taken it yet,
// and goes when the last of them has. What append() was given survives kill -9 and a power cut.
// docs/decisions/0003-one-durable-queue.md says why it is built so.
//
// It has no threads of its own and never waits for an output; it knows nothing of plugins.
// Thread-safe, by one mutex that is held while SQLite writes. But for the constructor and output(),
// nothing throws because of what the disk does: health() tells.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "queue/dead_letter.h"
#include "queue/health.h"
#include "queue/item.h"
#include "queue/queue_limits.h"

namespace shoal::queue {

struct OutputAccounts {
  std::string output;
  bool is_registered = false;  // false: an output of an earlier configuration
  Accounts accounts;
};

class Queue {
 public:
  // Opens or creates the file. A damaged one is set aside, and one that cannot be opened stands
  // back for memory, both announced in the log. Throws Error if another process has it open.
  Queue(std::string path, const Clock& clock);
  ~Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  // Names an output that takes records; the bit is valid as long as the queue. An output of that
  // name from an earlier run has its records back. Throws Error if there are too many.
  OutputBit output(std::string_view name, const QueueLimits& limits = {});
  // The output takes no more; its records stay until they expire.
  void retire(OutputBit output);

  // Accepts these in one transaction; durable when it returns. Beyond a limit on bytes, the oldest
  // records of that output are dropped. False: there is trouble with the disk, and they are in
  // memory only.
  bool append(std::span<const Entry> entries);
  // How much of its limit on bytes the fullest of these outputs would have pending with so many
  // bytes more.
  double fill(OutputMask outputs, std::uint64_t further_bytes = 0) const;

  // Pending records, always oldest first; they stay until they are settled. Records that are
  // damaged, or stored in an unknown format, are not returned but settled here.
  std::vector<Item> take(OutputBit output, const Selection& selection);
  // Durable when it returns. Records that are not pending for this output are passed over.
  void settle(OutputBit output, std::span<const Settlement> settlements);
  // Expires what is too old and gives space back. To be called every minute or so.
  void enforce_limits();

  std::uint64_t pending(OutputBit output) const;
  Accounts accounts(OutputBit output);
  // All outputs that are registered or have records pending.
  std::vector<OutputAccounts> all_accounts();
  // The newest record that was accepted; 0 if there never was one.
  Id last_id() const;
  // Newest first.
  std::vector<DeadLetter> dead_letters(std::size_t count = max_dead_letters);
  Health health() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace shoal::queue
