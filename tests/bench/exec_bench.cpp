// One round of a metric command, from start to parsed samples, and its floor: the same program
// started by a bare posix_spawn, its output thrown away, and waited for. Wall time of one round;
// compare within one run.
#include <array>
#include <fcntl.h>
#include <memory>
#include <spawn.h>
#include <string>
#include <unistd.h>

#include <benchmark/benchmark.h>
#include <sys/wait.h>

#include "run/exec_runner.h"
#include "schedule/wheel_timers.h"

namespace {

using namespace shoal;

constexpr const char* script = "printf 'load.a\\t0.1\\t1\\nload.b\\t0.2\\t1\\n'";

void floor_of_a_round(benchmark::State& state) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  std::array<std::string, 3> words = {"sh", "-c", script};
  std::array<char*, 4> argv = {words[0].data(), words[1].data(), words[2].data(), nullptr};

  for (auto _ : state) {
    pid_t pid = -1;
    siginfo_t info{};
    if (posix_spawn(&pid, "/bin/sh", &actions, nullptr, argv.data(), environ) != 0 ||
        waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) != 0) {
      return state.SkipWithError("cannot run sh");
    }
  }
  posix_spawn_file_actions_destroy(&actions);
}

void exec_round(benchmark::State& state) {
  EventLoop loop;
  schedule::WheelTimers timers;
  const SystemClock clock;
  run::ExecRunner runner(loop, timers, clock);
  const auto job = std::make_shared<const run::ExecJob>(run::exec_job(
      {.name = "load", .command = config::Command{.words = {"/bin/sh", "-c", script}}}));

  for (auto _ : state) {
    std::size_t records = 0;
    runner.start(job, clock.wall(), [&](const run::Round& round) {
      records = round.records.size();
      loop.stop();
    });
    loop.run();
    if (records != 2) return state.SkipWithError("the round has no samples");
  }
}

BENCHMARK(floor_of_a_round)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(exec_round)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
