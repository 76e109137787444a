// Groups resources and process: what many rounds use up, and what a plugin does to the process it
// shares.

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include <sys/wait.h>

#include "conformance/process_state.h"
#include "conformance/tests.h"
#include "conformance/workbench.h"

namespace shoal::conformance {
namespace {

constexpr int most_rounds = 3000;
constexpr std::chrono::seconds longest{2};
constexpr std::size_t harmless_growth = 16 * 1024;

// Rounds that settle what is cached, then rounds that must not grow it further.
int run_rounds(DrivenInstance& instance, int count) {
  const auto end = std::chrono::steady_clock::now() + longest;
  int done = 0;
  while (done < count && std::chrono::steady_clock::now() < end) {
    instance.round();
    ++done;
  }
  return done;
}

void check_heap(Trial& trial, std::size_t before, std::size_t after, int rounds) {
  const auto growth = after > before ? after - before : 0;
  if (growth > harmless_growth && growth > static_cast<std::size_t>(rounds) * 4) {
    trial.find(Rule::resources_memory, "the heap grew by {} bytes in {} rounds", growth, rounds);
  }
}

void check_children(Trial& trial) {
  if (waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD) return;
  trial.find(Rule::resources_children, "a child process was left behind");
}

}  // namespace

void test_many_rounds(Trial& trial) {
  trial.under(Rule::resources_memory, "again and again");
  Workbench bench(trial);
  DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
  instance.create();
  if (!instance.exists()) return;
  instance.start();
  run_rounds(instance, most_rounds / 10);
  const auto before = ProcessState::now();
  const auto heap = heap_bytes();
  const auto series = instance.context().series_count();
  const int rounds = run_rounds(instance, most_rounds);
  const auto new_series = instance.context().series_count() - series;
  if (new_series > static_cast<std::size_t>(rounds) / 2) {
    trial.find(Rule::points_cap, "{} new series in {} rounds", new_series, rounds);
  }
  check_heap(trial, heap, heap_bytes(), rounds);
  const auto after = ProcessState::now();
  if (after.descriptors.size() > before.descriptors.size()) {
    trial.find(Rule::resources_descriptors, "{} descriptors more after {} rounds",
               after.descriptors.size() - before.descriptors.size(), rounds);
  }
  if (after.threads > before.threads) {
    trial.find(Rule::resources_threads, "{} threads more after {} rounds",
               after.threads - before.threads, rounds);
  }
  instance.stop();
  instance.destroy();
  check_children(trial);
}

void test_shared_process(Trial& trial) {
  Workbench bench(trial);
  DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
  auto before = ProcessState::now();
  const auto check = [&](const char* act) {
    // What an instance has of its own is judged when it is gone.
    auto now = ProcessState::now();
    before.threads = std::max(before.threads, now.threads);
    for (const auto& [fd, target] : now.descriptors) before.descriptors.try_emplace(fd, target);
    compare_states(trial, before, act);
  };
  instance.create();
  check("create()");
  if (!instance.exists()) return;
  instance.start();
  check("start()");
  for (int i = 0; i < 5; ++i) instance.round();
  check(trial.subject().round_function().c_str());
  instance.stop();
  check("stop()");
  instance.destroy();
}

void test_whole_life_leaves_nothing(Trial& trial) {
  Workbench bench(trial);
  bench.live(3);  // what is opened once and for all
  const auto before = ProcessState::now();
  bench.live(3);
  compare_states(trial, before, "an instance's life");
  check_children(trial);
}

void test_silence_afterwards(Trial& trial) {
  trial.under(Rule::host_destroyed, "after destroy()");
  Workbench bench(trial);
  if (!bench.live(3)) return;
  // A thread that is still there speaks up by then.
  trial.begin_act("nothing");
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
  instance.create();
  if (!instance.exists()) return;
  instance.start();
  instance.round();
  // Between rounds nothing is emitted.
  trial.begin_act("nothing");
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  trial.end_act();
}

}  // namespace shoal::conformance
