#include "run/plugin_runner.h"

#include <atomic>
#include <future>

#include <doctest/doctest.h>

#include "support/fake_clock.h"
#include "support/fake_timers.h"

using namespace shoal;
using namespace shoal::run;
using namespace std::chrono_literals;
using plugin::CallStatus;

namespace {

const WallTime noon = from_unix_nanoseconds(1'800'000'000'000'000'000);

// Answers as told; can be made to block until released or cancelled.
class FakeInstance final : public plugin::Instance {
 public:
  plugin::Kind kind() const override { return plugin::Kind::metric; }
  plugin::RoundReport start(const plugin::Call&) override {
    ++starts;
    return {.status = start_status, .reason = start_status == CallStatus::ok ? "" : "not yet"};
  }
  plugin::RoundReport run(const plugin::Call& call) override {
    last_call = call;
    entered.set_value();
    if (is_blocking) released.get_future().wait();
    return report;
  }
  plugin::DeliveryReport deliver(const plugin::Call&, std::span<const record::Record>) override {
    return {};
  }
  plugin::RoundReport stop(const plugin::Call&) override { return {}; }
  void cancel() noexcept override {
    ++cancels;
    if (ends_when_cancelled) released.set_value();
  }
  void abandon() noexcept override { is_abandoned = true; }

  CallStatus start_status = CallStatus::ok;
  plugin::RoundReport report;
  bool is_blocking = false;
  bool ends_when_cancelled = false;
  int starts = 0;
  int cancels = 0;
  bool is_abandoned = false;
  plugin::Call last_call;
  std::promise<void> entered;
  std::promise<void> released;
};

struct Bench {
  static std::shared_ptr<PluginJob> job_for(std::shared_ptr<FakeInstance> instance) {
    return std::make_shared<PluginJob>(
        PluginJob{.id = "metric:fake", .instance = std::move(instance), .timeout = 10s});
  }
  void start(const std::shared_ptr<PluginJob>& job) {
    runner.start(job, noon, [this](Round round) {
      rounds.push_back(std::move(round));
      loop.stop();
    });
  }
  void wait_for_rounds(std::size_t count) {
    while (rounds.size() < count) loop.run();
  }

  EventLoop loop;
  test::FakeTimers timers;
  test::FakeClock clock{noon};
  std::vector<Round> rounds;
  PluginRunner runner{loop, timers, clock, {.threads = 1, .most_threads = 2}};
};

}  // namespace

TEST_SUITE("PluginRunner") {
  TEST_CASE("starts an instance before its first round, once") {
    Bench bench;
    auto instance = std::make_shared<FakeInstance>();
    instance->report.records.emplace_back(record::Sample{.name = "a"});

    bench.start(Bench::job_for(instance));
    bench.wait_for_rounds(1);

    CHECK(bench.rounds.at(0).outcome == Outcome::ok);
    CHECK(bench.rounds.at(0).scheduled == noon);
    CHECK(bench.rounds.at(0).records.size() == 1);
    CHECK(instance->starts == 1);
    CHECK(instance->last_call.scheduled == noon);
    CHECK(instance->last_call.deadline == bench.clock.steady() + 10s);
    CHECK(bench.timers.size() == 0);
  }

  TEST_CASE("does not run an instance that did not start, and says why") {
    Bench bench;
    auto instance = std::make_shared<FakeInstance>();
    instance->start_status = CallStatus::retry;

    bench.start(Bench::job_for(instance));
    bench.wait_for_rounds(1);

    CHECK(bench.rounds.at(0).outcome == Outcome::failed);
    CHECK(bench.rounds.at(0).reason == "not yet");
  }

  TEST_CASE("asks a call to end at its deadline and calls that a time-out") {
    Bench bench;
    auto instance = std::make_shared<FakeInstance>();
    instance->is_blocking = true;
    instance->ends_when_cancelled = true;
    instance->report = {.status = CallStatus::cancelled, .reason = "was asked to end"};
    bench.start(Bench::job_for(instance));
    instance->entered.get_future().wait();

    bench.clock.advance(10s);
    bench.timers.run_due(bench.clock.steady());
    bench.wait_for_rounds(1);

    CHECK(instance->cancels == 1);
    CHECK(bench.rounds.at(0).outcome == Outcome::timed_out);
    CHECK_FALSE(bench.runner.has_stuck());
  }

  TEST_CASE("gives up a call at twice its deadline and serves others with a new thread") {
    Bench bench;
    auto stuck = std::make_shared<FakeInstance>();
    stuck->is_blocking = true;
    const auto stuck_job = Bench::job_for(stuck);
    bench.start(stuck_job);
    stuck->entered.get_future().wait();
    auto healthy = std::make_shared<FakeInstance>();
    bench.start(Bench::job_for(healthy));

    bench.clock.advance(20s);
    bench.timers.run_due(bench.clock.steady());
    bench.wait_for_rounds(2);

    CHECK(stuck->is_abandoned);
    CHECK(bench.runner.has_stuck());
    CHECK(bench.rounds.at(0).outcome == Outcome::stuck);
    CHECK(bench.rounds.at(0).reason ==
          "did not return within 20 s; no longer called until a reload");
    CHECK(bench.rounds.at(1).outcome == Outcome::ok);

    bench.start(stuck_job);
    CHECK(bench.rounds.at(2).reason ==
          "stuck in an earlier round; no longer called until a reload");

    stuck->released.set_value();
    while (bench.runner.has_stuck()) bench.loop.run_ready();
    CHECK(bench.rounds.size() == 3);
  }

  TEST_CASE("does not blame a plugin for the time it waited for a worker") {
    Bench bench;
    auto first = std::make_shared<FakeInstance>();
    first->is_blocking = true;
    bench.start(Bench::job_for(first));
    first->entered.get_future().wait();
    auto second = std::make_shared<FakeInstance>();
    bench.start(Bench::job_for(second));

    bench.clock.advance(10s);
    bench.timers.run_due(bench.clock.steady());
    first->released.set_value();
    bench.wait_for_rounds(2);

    CHECK(second->cancels == 0);
    CHECK(bench.rounds.at(1).outcome == Outcome::ok);
  }
}
