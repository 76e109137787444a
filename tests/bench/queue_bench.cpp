// How many points the queue accepts durably, in batches as large as a busy group commit and as
// small as one round; and how fast one output takes and settles them. Compare within one run: the
// disk decides.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "queue/queue.h"
#include "support/temporary_directory.h"

namespace {

using namespace shoal;
using namespace shoal::queue;

std::vector<Entry> points(std::size_t count, OutputBit output, WallTime time) {
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < count; ++i) {
    entries.push_back({.record = record::Sample{.name = "disk.sda" + std::to_string(i) + ".reads",
                                                .unit = "iops",
                                                .value = static_cast<double>(i) * 0.1,
                                                .time = time},
                       .outputs = mask_of(output)});
  }
  return entries;
}

void append(benchmark::State& state) {
  const test::TemporaryDirectory directory;
  const SystemClock clock;
  Queue queue(directory.file("queue.db"), clock);
  const OutputBit output = queue.output("bench");
  const auto entries = points(static_cast<std::size_t>(state.range(0)), output, clock.wall());

  for (auto _ : state) queue.append(entries);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void append_take_settle(benchmark::State& state) {
  const test::TemporaryDirectory directory;
  const SystemClock clock;
  Queue queue(directory.file("queue.db"), clock);
  const OutputBit output = queue.output("bench");
  const auto entries = points(static_cast<std::size_t>(state.range(0)), output, clock.wall());

  for (auto _ : state) {
    queue.append(entries);
    std::vector<Settlement> settlements;
    for (const Item& item : queue.take(output, {})) settlements.push_back({.id = item.id});
    queue.settle(output, settlements);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(append)->Arg(1)->Arg(1000)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(append_take_settle)->Arg(1000)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
