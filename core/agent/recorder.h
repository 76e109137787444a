// The queue thread: takes rounds from the loop thread and group-commits what has arrived, at most
// 50 ms after it came, first to the durable queue, then to the local history. What the history
// holds is therefore in the queue for good.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "history/writer.h"
#include "queue/queue.h"

namespace shoal::agent {

class Recorder {
 public:
  // Called on the queue thread after each commit with the outputs that have something new, and
  // those of them for which some of it is urgent.
  using Committed = std::function<void(queue::OutputMask outputs, queue::OutputMask urgent)>;

  // Either may be null: no durable output, no history.
  Recorder(queue::Queue* queue, std::unique_ptr<history::Writer> history, const Clock& clock,
           Committed committed);
  // Commits what has been handed in, then ends.
  ~Recorder();

  // Never waits. When commits cannot keep up the oldest round goes and is counted.
  void record(std::vector<queue::Entry> round, queue::OutputMask urgent = 0);
  std::uint64_t displaced_rounds() const { return rounds_.displaced_count(); }

 private:
  struct Round {
    std::vector<queue::Entry> entries;
    queue::OutputMask urgent = 0;
  };

  void work();
  void commit(const Round& group);
  void clean_up();

  queue::Queue* queue_;
  const std::unique_ptr<history::Writer> history_;  // the queue thread's
  const Clock& clock_;
  Committed committed_;
  SteadyTime next_clean_up_{};
  BoundedQueue<Round> rounds_{4096};
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

}  // namespace shoal::agent
