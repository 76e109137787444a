// One output of the durable queue as a Source. Thread-safe, as the queue is.
#pragma once

#include "deliver/source.h"
#include "queue/queue.h"

namespace shoal::deliver {

class QueueSource final : public Source {
 public:
  // `queue` outlives this.
  QueueSource(queue::Queue& queue, queue::OutputBit output) : queue_(queue), output_(output) {}

  std::vector<queue::Item> take(const queue::Selection& selection) override {
    return queue_.take(output_, selection);
  }
  void settle(std::span<const queue::Settlement> settlements) override {
    queue_.settle(output_, settlements);
  }
  std::uint64_t pending() override { return queue_.pending(output_); }
  queue::Accounts accounts() override { return queue_.accounts(output_); }
  queue::Id last_id() override { return queue_.last_id(); }

 private:
  queue::Queue& queue_;
  const queue::OutputBit output_;
};

}  // namespace shoal::deliver
