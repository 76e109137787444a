// An inline round of one gauge, from the call to the record: what the agent itself spends on it.
#include <chrono>
#include <filesystem>
#include <string>
#include <unistd.h>

#include <benchmark/benchmark.h>

#include "plugin/registry.h"

namespace {

using namespace shoal;
using namespace shoal::plugin;

struct House {
  SystemClock clock;
  std::string copies =
      std::filesystem::temp_directory_path() / ("shoal-bench-" + std::to_string(getpid()));
  Registry registry{{.plugin_dirs = {}, .copy_dir = copies}, {.clock = clock}};

  ~House() { std::filesystem::remove_all(copies); }
};

void inline_round(benchmark::State& state) {
  const House house;
  const auto instance = house.registry.create(Kind::metric, TALKER, {.job = "metric:talker"});
  for (auto _ : state) {
    const auto deadline = house.clock.steady() + std::chrono::seconds(30);
    const auto report = instance->run({house.clock.wall(), deadline, 1});
    if (report.records.size() != 1) return state.SkipWithError("the round has no sample");
  }
}

BENCHMARK(inline_round);

}  // namespace

BENCHMARK_MAIN();
