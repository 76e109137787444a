// The way of a plugin's file towards its first call: our own checks, its hash, and the question to
// the dynamic linker, which is asked once for each content.
#include <string>

#include <benchmark/benchmark.h>

#include "base/sha256.h"
#include "plugin/linkage.h"
#include "plugin/preflight.h"

namespace {

using namespace shoal;
using namespace shoal::plugin;

void preflight_examine(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(examine(TALKER));
}

void preflight_hash(benchmark::State& state) {
  const auto examined = examine(TALKER);
  for (auto _ : state) benchmark::DoNotOptimize(sha256_hex(examined.bytes));
}

void preflight_ask_linker(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(linkage_fault(TALKER));
}

BENCHMARK(preflight_examine)->Unit(benchmark::kMicrosecond);
BENCHMARK(preflight_hash)->Unit(benchmark::kMicrosecond);
BENCHMARK(preflight_ask_linker)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
