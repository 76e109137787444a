// One output as the pipeline keeps it: where records for it wait, and the thread that delivers
// them. Loop thread only, save stop().
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "agent/work.h"
#include "base/clock.h"
#include "control/status.h"
#include "deliver/memory_source.h"
#include "deliver/worker.h"
#include "queue/queue.h"
#include "record/record.h"

namespace shoal::agent {

class OutputLine {
 public:
  // Starts delivering. `queue` may be null for an output that wants no durability.
  OutputLine(Output output, queue::Queue* queue, const Clock& clock);
  ~OutputLine();

  const Output& output() const { return output_; }

  // Takes a record that is routed here. Returns the bit under which the queue must store it; none
  // if the output keeps it itself.
  queue::OutputMask accept(const record::Record& record);
  // What was accepted is now there to be delivered.
  void notify();
  // Likewise, and some of it should not wait.
  void hurry();
  // Asks a call that has passed its deadline to end.
  void cancel_overdue() { worker_->cancel_overdue(); }
  // Gives it one more chance to deliver, then ends its thread. From any thread; once.
  void stop(SteadyTime deadline);
  // Whether its thread did not end.
  bool is_stuck() const { return is_stuck_; }

  queue::OutputMask mask() const { return bit_ ? queue::mask_of(*bit_) : 0; }
  control::OutputStatus status() const;

 private:
  Output output_;
  queue::Queue* queue_;
  std::optional<queue::OutputBit> bit_;
  deliver::MemorySource* memory_ = nullptr;  // the worker's
  std::unique_ptr<deliver::Worker> worker_;
  std::atomic<bool> is_stuck_ = false;
};

}  // namespace shoal::agent
