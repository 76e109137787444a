// The durable queue on a real disk (TMPDIR): points accepted, taken and settled, each transaction
// on disk before the next. `round` is what a host without a backlog does once a minute for one
// output.
#include <vector>

#include <benchmark/benchmark.h>

#include "queue/queue.h"
#include "support/temporary_directory.h"

namespace {

using namespace shoal;
using queue::Queue;

constexpr std::size_t batch_size = 1000;
constexpr int batches = 200;

std::vector<queue::Entry> round_of(std::size_t count, queue::OutputMask outputs) {
  std::vector<queue::Entry> entries;
  for (std::size_t i = 0; i < count; ++i) {
    entries.push_back(
        {record::Sample{.name = "interface.eth" + std::to_string(i) + ".rxBytes.delta",
                        .unit = "bytes/sec",
                        .value = static_cast<double>(i) * 1234.5,
                        .time = from_unix_nanoseconds(1'800'000'000'000'000'000),
                        .origin = record::Origin::host},
         outputs});
  }
  return entries;
}

struct Bench {
  test::TemporaryDirectory directory;
  SystemClock clock;
  Queue queue{directory.file("queue.db"), clock};
  queue::OutputBit output = queue.output("mackerel", {.bytes = 1ULL << 30});

  void settle(const std::vector<queue::Item>& items) {
    std::vector<queue::Settlement> settlements;
    settlements.reserve(items.size());
    for (const auto& item : items) settlements.push_back({.id = item.id});
    queue.settle(output, settlements);
  }
};

void append(benchmark::State& state) {
  Bench bench;
  const auto entries = round_of(batch_size, mask_of(bench.output));
  for (auto _ : state) bench.queue.append(entries);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_size));
}
BENCHMARK(append)->Name("queue_append")->Iterations(batches)->UseRealTime();

// As in a long outage: each new record makes the oldest go.
void append_at_limit(benchmark::State& state) {
  Bench bench;
  bench.output = bench.queue.output("mackerel", {.bytes = 2 << 20});
  const auto entries = round_of(batch_size, mask_of(bench.output));
  for (int i = 0; i < 30; ++i) bench.queue.append(entries);
  for (auto _ : state) bench.queue.append(entries);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_size));
}
BENCHMARK(append_at_limit)->Name("queue_append_at_limit")->Iterations(batches)->UseRealTime();

void take_and_settle(benchmark::State& state) {
  Bench bench;
  const auto entries = round_of(batch_size, mask_of(bench.output));
  for (int i = 0; i < batches; ++i) bench.queue.append(entries);
  for (auto _ : state) bench.settle(bench.queue.take(bench.output, {.max_records = batch_size}));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_size));
}
BENCHMARK(take_and_settle)->Name("queue_take_and_settle")->Iterations(batches)->UseRealTime();

void round(benchmark::State& state) {
  Bench bench;
  const auto entries = round_of(26, mask_of(bench.output));
  for (auto _ : state) {
    bench.queue.append(entries);
    bench.settle(bench.queue.take(bench.output, {}));
  }
}
BENCHMARK(round)->Name("queue_round_of_26")->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
