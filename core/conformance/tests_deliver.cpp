// Group deliver: batches of all sizes and kinds, for outputs.

#include <algorithm>

#include "conformance/tests.h"
#include "conformance/workbench.h"

namespace shoal::conformance {
namespace {

class Receiver {
 public:
  explicit Receiver(Trial& trial)
      : bench_(trial), instance_(bench_.host(), bench_.plugin(), bench_.context()) {
    instance_.create();
    if (instance_.exists()) instance_.start();
  }

  void offer(const OfferedBatch& batch) {
    if (instance_.exists()) instance_.deliver(batch);
  }

 private:
  Workbench bench_;
  DrivenInstance instance_;
};

OfferedBatch of_kinds(std::vector<std::uint32_t> kinds) {
  OfferedBatch batch;
  batch.kinds = std::move(kinds);
  return batch;
}

}  // namespace

void test_batch_sizes(Trial& trial) {
  trial.under(Rule::deliver_overrun, "with batches of all sizes");
  Receiver receiver(trial);
  const auto each = OfferedBatch::one_of_each(trial.subject().manifest);
  receiver.offer(of_kinds({}));
  for (const auto kind : each.kinds) receiver.offer(of_kinds({kind}));
  for (const std::size_t size : {2, 3, 10, 100, 1000}) {
    OfferedBatch batch;
    for (std::size_t i = 0; i < size; ++i) {
      batch.kinds.push_back(each.kinds[trial.pick(each.kinds.size())]);
    }
    receiver.offer(batch);
  }
}

void test_unknown_kinds(Trial& trial) {
  trial.under(Rule::deliver_unknown_kind, "with records of a kind of a newer host");
  Receiver receiver(trial);
  receiver.offer(of_kinds({unknown_kind}));
  auto batch = OfferedBatch::one_of_each(trial.subject().manifest);
  batch.kinds.insert(batch.kinds.begin(), unknown_kind);
  batch.kinds.push_back(unknown_kind);
  std::shuffle(batch.kinds.begin(), batch.kinds.end(), trial.random());
  receiver.offer(batch);
}

void test_strange_texts(Trial& trial) {
  trial.under(Rule::memory_text_end, "with texts that nobody expects");
  Receiver receiver(trial);
  auto batch = OfferedBatch::one_of_each(trial.subject().manifest);
  batch.has_empty_texts = true;
  receiver.offer(batch);
  batch.has_empty_texts = false;
  batch.has_strange_texts = true;
  receiver.offer(batch);
}

void test_cut_records(Trial& trial) {
  trial.under(Rule::size_exact, "from a host whose structs lack their last member");
  Receiver receiver(trial);
  auto batch = OfferedBatch::one_of_each(trial.subject().manifest);
  batch.is_cut = true;
  receiver.offer(batch);
}

}  // namespace shoal::conformance
