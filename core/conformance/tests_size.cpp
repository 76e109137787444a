// Group size: a host that is newer than the plugin.

#include "conformance/tests.h"
#include "conformance/workbench.h"

namespace shoal::conformance {
namespace {

// As a host does whose structs and tables have all grown by `filler` bytes. Without any, each ends
// at a page that cannot be touched.
void live_with(Trial& trial, std::size_t filler) {
  Workbench bench(trial, {.filler = filler, .absent = {}});
  DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
  const auto created = instance.create();
  if (!instance.exists()) {
    trial.find(Rule::size_larger, "create() answered {} ({}) to a host whose structs are {} larger",
               created.status, created.said.reason, filler);
    return;
  }
  const auto started = instance.start();
  const auto first = instance.round();
  instance.round();
  instance.stop();
  for (const auto& result : {started, first}) {
    if (result.status != SHOAL_BUG && result.status != SHOAL_UNSUPPORTED) continue;
    trial.find(Rule::size_larger, "a call answered {} ({}) to a host whose structs are {} larger",
               result.status, result.said.reason, filler);
  }
}

}  // namespace

void test_exact_sizes(Trial& trial) {
  trial.under(Rule::size_exact, "with structs that end at a page");
  live_with(trial, 0);
}

void test_larger_sizes(Trial& trial) {
  trial.under(Rule::size_larger, "with structs larger than today's");
  live_with(trial, 8);
  live_with(trial, 8 * (1 + trial.pick(64)));
}

void test_strides(Trial& trial) {
  trial.under(Rule::size_stride, "with a larger stride");
  Workbench bench(trial);
  DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
  instance.create();
  if (!instance.exists()) return;
  instance.start();
  auto batch = OfferedBatch::one_of_each(trial.subject().manifest);
  const auto kinds = batch.kinds;
  batch.kinds.insert(batch.kinds.end(), kinds.begin(), kinds.end());
  for (const std::size_t filler : {sizeof(shoal_record), std::size_t{8}, std::size_t{256}}) {
    batch.filler = filler;
    instance.deliver(batch);
  }
}

}  // namespace shoal::conformance
