// Group lifetime: create, start, rounds, stop, destroy.

#include <algorithm>
#include <chrono>
#include <list>
#include <memory>

#include "conformance/process_state.h"
#include "conformance/tests.h"
#include "conformance/workbench.h"

namespace shoal::conformance {
namespace {

// The allocator rounds, and a library may cache a little once.
constexpr std::size_t harmless_growth = 16 * 1024;

// Whether `body`, repeated, takes more and more of the heap. One time in four of the repetitions
// counts for nothing: caches fill then.
template <class Body>
std::size_t growth_of(int repetitions, Body&& body) {
  for (int i = 0; i < repetitions / 4; ++i) body();
  const auto before = heap_bytes();
  for (int i = 0; i < repetitions; ++i) body();
  const auto after = heap_bytes();
  return after > before ? after - before : 0;
}

// What a person can do when made-up options do not work.
std::string advice_for(const std::vector<std::string>& guesses) {
  if (guesses.empty()) return "if it needs more than its defaults, give it with -o KEY=VALUE";
  return fmt::format("{0} was a guess, give one that works with -o {0}=...", guesses.front());
}

void live_and_forget(Workbench& bench, Context& context, bool starts) {
  {
    DrivenInstance instance(bench.host(), bench.plugin(), context);
    instance.create();
    if (instance.exists() && starts) {
      instance.start();
      instance.stop();
    }
  }
  context.forget();
  bench.host().forget_state();
}

// A life whose start fails at that host call. False when there was no such call.
bool fail_start(Workbench& bench, int failing, bool is_tried_again) {
  DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
  instance.create();
  if (!instance.exists()) return false;
  bench.host().fail_call(failing, SHOAL_RETRY);
  const auto failed = instance.start();
  const bool was_reached = bench.host().calls() >= failing;
  bench.host().fail_call(0, SHOAL_FAILED);
  if (!was_reached) return false;
  if (!failed.is_failure() || !is_tried_again) return true;
  const auto again = instance.start();
  if (again.is_failure() && again.status != SHOAL_RETRY) {
    bench.trial().find(Rule::lifetime_failed_start,
                       "start() answered {}, and when it was tried again {} ({})", failed.status,
                       again.status, again.said.reason);
  }
  instance.round();
  instance.stop();
  return true;
}

// A start that fails by itself, or because of the network, and is tried again when all is well.
void restart(Workbench& bench, const HttpAnswer& answer) {
  DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
  instance.create();
  if (!instance.exists()) return;
  bench.host().answer = answer;
  const auto first = instance.start();
  bench.host().answer = {};
  if (first.status != SHOAL_RETRY) return;
  const auto again = instance.start();
  if (again.is_failure() && again.status != SHOAL_RETRY) {
    bench.trial().find(Rule::lifetime_failed_start,
                       "start() answered SHOAL_RETRY, and when it was tried again {} ({})",
                       again.status, again.said.reason);
  }
}

}  // namespace

void test_one_life(Trial& trial) {
  Workbench bench(trial);
  DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
  const auto created = instance.create();
  if (!instance.exists()) {
    trial.find(Rule::create_options, "create() answered {} ({}) to {}; {}", created.status,
               created.said.reason, trial.subject().options_json.substr(0, 120),
               advice_for(trial.subject().guesses));
    return trial.give_up();
  }
  instance.start();
  instance.round();
  instance.round();
  instance.stop();
  instance.destroy();
}

void test_orders(Trial& trial) {
  Workbench bench(trial);
  trial.under(Rule::lifetime_order, "in an order that the header allows");
  for (int steps = 0; steps < 5; ++steps) {
    DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
    instance.create();
    if (!instance.exists()) return;
    if (steps > 0) instance.start();
    if (steps > 1) instance.round();
    if (steps > 2) instance.stop();
    instance.destroy();
  }
}

void test_many_lives(Trial& trial) {
  constexpr int lives = 1000;
  Workbench bench(trial);
  trial.under(Rule::lifetime_leak, "again and again");
  const auto before = ProcessState::now();
  auto& context = bench.context();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  int done = 0;
  const auto growth = growth_of(lives, [&] {
    if (done > lives / 2 && std::chrono::steady_clock::now() > end) return;
    live_and_forget(bench, context, done++ % 2 == 1);
  });
  if (growth > harmless_growth) {
    trial.find(Rule::lifetime_leak, "{} bytes are lost in {} lives of an instance", growth, lives);
  }
  compare_states(trial, before, "create() to destroy()");
}

void test_many_instances(Trial& trial) {
  constexpr int count = 20;
  Workbench bench(trial);
  trial.under(Rule::lifetime_instances, "beside other instances");
  std::vector<std::unique_ptr<DrivenInstance>> all;
  bool is_first_fine = false;
  for (int i = 0; i < count; ++i) {
    all.push_back(std::make_unique<DrivenInstance>(bench.host(), bench.plugin(), bench.context()));
    auto result = all.back()->create();
    if (all.back()->exists()) result = all.back()->start();
    if (i == 0) is_first_fine = !result.is_failure();
    if (is_first_fine && result.is_failure()) {
      trial.find(Rule::lifetime_instances, "instance {} answered {} ({}), the first one did not",
                 i + 1, result.status, result.said.reason);
    }
    if (!all.back()->exists()) return;
  }
  for (const auto& instance : all) instance->round();
  std::shuffle(all.begin(), all.end(), trial.random());
  while (!all.empty()) {
    all.back()->stop();
    all.pop_back();
    if (!all.empty()) all[trial.pick(all.size())]->round();
  }
}

void test_failed_create(Trial& trial) {
  Workbench bench(trial);
  auto& context = bench.context();
  trial.under(Rule::lifetime_failed_create, "with a host function that fails");
  bench.host().fail_call(0, SHOAL_FAILED);
  live_and_forget(bench, context, false);
  const int calls = std::min(bench.host().calls(), 40);
  for (int failing = 1; failing <= calls; ++failing) {
    const auto growth = growth_of(40, [&] {
      bench.host().fail_call(failing, SHOAL_FAILED);
      live_and_forget(bench, context, false);
    });
    if (growth > 40 * 8) {
      trial.find(Rule::lifetime_failed_create,
                 "{} bytes are lost in 40 times create() when host call {} fails", growth, failing);
    }
  }
  bench.host().fail_call(0, SHOAL_FAILED);
}

void test_failed_start(Trial& trial) {
  Workbench bench(trial);
  if (bench.plugin().start == nullptr) return;
  trial.under(Rule::lifetime_failed_start, "with a host function that fails");
  for (const auto& answer :
       {HttpAnswer{}, HttpAnswer{.outcome = SHOAL_RETRY}, HttpAnswer{.status = 503, .body = ""}}) {
    restart(bench, answer);
  }
  for (int failing = 1; failing <= 20; ++failing) {
    for (const bool is_tried_again : {true, false}) {
      if (!fail_start(bench, failing, is_tried_again)) return;
    }
  }
}

}  // namespace shoal::conformance
