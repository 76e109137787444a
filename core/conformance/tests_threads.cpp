// Groups threads and globals: calls come on any thread, and instances at the same time.

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "conformance/shared_object.h"
#include "conformance/tests.h"
#include "conformance/workbench.h"

namespace shoal::conformance {
namespace {

std::vector<char> copy_of(const SharedObject& object) {
  std::vector<char> bytes;
  for (const auto& part : object.writable) bytes.insert(bytes.end(), part.begin(), part.end());
  return bytes;
}

std::size_t differences(const std::vector<char>& before, const std::vector<char>& after) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
    count += before[i] == after[i] ? 0 : 1;
  }
  return count;
}

}  // namespace

void test_moved_threads(Trial& trial) {
  trial.under(Rule::threads_moved, "on a thread of its own");
  Workbench bench(trial);
  bench.live(5, {.is_elsewhere = true});
}

void test_two_at_once(Trial& trial) {
  constexpr int threads = 4;
  trial.under(Rule::threads_together, "on several instances at the same time");
  Workbench bench(trial);
  std::vector<Context*> contexts;
  for (int i = 0; i < threads; ++i) contexts.push_back(&bench.context());
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  std::vector<std::thread> all;
  for (auto* const context : contexts) {
    all.emplace_back([&bench, context, end] {
      DrivenInstance instance(bench.host(), bench.plugin(), *context);
      instance.create();
      if (!instance.exists()) return;
      instance.start();
      for (int i = 0; i < 500 && std::chrono::steady_clock::now() < end; ++i) instance.round();
      instance.stop();
    });
  }
  for (auto& thread : all) thread.join();
}

// What is made once (a table of a library, say) is made in the first lives.
void test_globals(Trial& trial) {
  Workbench bench(trial);
  const auto object = shared_object_at(reinterpret_cast<const void*>(load_entry(trial.subject())));
  bench.live(3);
  bench.live(3);
  const auto before = copy_of(object);
  bench.live(7);
  DrivenInstance first(bench.host(), bench.plugin(), bench.context());
  first.create();
  if (first.exists()) first.round();
  const auto changed = differences(before, copy_of(object));
  if (changed > 0) {
    trial.find(Rule::globals_written,
               "{} bytes of its writable data changed with further instances", changed);
  }
}

}  // namespace shoal::conformance
