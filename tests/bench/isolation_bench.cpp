// What isolation costs: the same round of one gauge inline and in a process of its own, beside
// their floors, a bare call through a plugin's table and a byte to another process and back. And
// what a plugin's process holds in memory.
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <benchmark/benchmark.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <shoal/plugin.h>

#include "plugin/registry.h"

namespace {

using namespace shoal;
using namespace shoal::plugin;

struct House {
  SystemClock clock;
  std::string copies =
      std::filesystem::temp_directory_path() / ("shoal-bench-" + std::to_string(getpid()));
  Registry registry{{.plugin_dirs = {}, .copy_dir = copies, .host_program = PLUGIN_HOST},
                    {.clock = clock}};

  ~House() { std::filesystem::remove_all(copies); }

  std::shared_ptr<Instance> create(config::Isolation isolation) const {
    return registry.create(Kind::metric, TALKER, {.job = "metric:talker", .isolation = isolation});
  }
};

void run_rounds(benchmark::State& state, const House& house, Instance& instance) {
  for (auto _ : state) {
    const auto deadline = house.clock.steady() + std::chrono::seconds(30);
    const auto report = instance.run({house.clock.wall(), deadline, 1});
    if (report.records.size() != 1) return state.SkipWithError("the round has no sample");
  }
}

// A line of the kernel's summary of its mappings.
double memory_kb(int pid, const std::string& what) {
  std::ifstream stream("/proc/" + std::to_string(pid) + "/smaps_rollup");
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with(what)) return std::stod(line.substr(what.size()));
  }
  return 0;
}

// Nothing is said to the host, so that only the border is measured.
void abi_call(benchmark::State& state) {
  struct Host {
    static shoal_status SHOAL_CALL emit(shoal_context*, const shoal_call*,
                                        const shoal_point* points, std::size_t) {
      benchmark::DoNotOptimize(points);
      return SHOAL_OK;
    }
  };
  const shoal_host host{.size = sizeof(shoal_host),
                        .abi_minor = SHOAL_ABI_MINOR,
                        .service = nullptr,
                        .log = nullptr,
                        .explain = nullptr,
                        .declare = nullptr,
                        .emit = &Host::emit,
                        .report = nullptr};
  const shoal_host* table = &host;
  benchmark::DoNotOptimize(table);
  const shoal_point point{0, 0, 0, 1};
  for (auto _ : state) benchmark::DoNotOptimize(table->emit(nullptr, nullptr, &point, 1));
}

void inline_round(benchmark::State& state) {
  const House house;
  run_rounds(state, house, *house.create(config::Isolation::inline_));
}

void process_round(benchmark::State& state) {
  const House house;
  const auto instance = house.create(config::Isolation::process);
  run_rounds(state, house, *instance);
  const auto pid = instance->health().pid;
  state.counters["pss_kB"] = memory_kb(pid, "Pss:");
  state.counters["private_kB"] = memory_kb(pid, "Private_Dirty:");
}

void socket_round_trip(benchmark::State& state) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return state.SkipWithError("socket");
  const pid_t child = fork();
  char byte = 0;
  if (child == 0) {
    close(ends[0]);
    while (read(ends[1], &byte, 1) == 1 && write(ends[1], &byte, 1) == 1) continue;
    _exit(0);
  }
  close(ends[1]);
  for (auto _ : state) {
    if (write(ends[0], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1) {
      state.SkipWithError("the other side has gone");
      break;
    }
  }
  close(ends[0]);
  waitpid(child, nullptr, 0);
}

void start_of_process(benchmark::State& state) {
  const House house;
  house.create(config::Isolation::process);  // asks the linker, once for this content
  for (auto _ : state) benchmark::DoNotOptimize(house.create(config::Isolation::process));
}

BENCHMARK(abi_call);
BENCHMARK(inline_round)->UseRealTime();
BENCHMARK(socket_round_trip)->UseRealTime();
BENCHMARK(process_round)->UseRealTime();
BENCHMARK(start_of_process)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
