// A whole pipeline on a clock of the test's own, with jobs and outputs made by hand.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "agent/pipeline.h"
#include "fake_plugins.h"
#include "history/reader.h"
#include "schedule/wheel_timers.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

namespace shoal::test {

using namespace std::chrono_literals;

// 2026-01-02 12:00:00 UTC.
inline constexpr WallTime noon{std::chrono::sys_days{std::chrono::January / 2 / 2026} + 12h};

using Keys = std::vector<std::string>;

// Says a sample of each name in every round, of the value 1.
inline std::shared_ptr<FakeSource> saying(Keys names) {
  return std::make_shared<FakeSource>([names = std::move(names)](const plugin::Call& call) {
    plugin::RoundReport report;
    for (const auto& name : names) {
      report.records.emplace_back(record::Sample{.name = name, .value = 1, .time = call.scheduled});
    }
    return report;
  });
}

inline std::shared_ptr<FakeSource> failing(std::string reason) {
  return std::make_shared<FakeSource>([reason = std::move(reason)](const plugin::Call&) {
    return plugin::RoundReport{.status = plugin::CallStatus::failed, .reason = reason};
  });
}

inline agent::Job metric(std::string name, std::shared_ptr<plugin::Instance> instance) {
  agent::Job job{.settings = {.name = std::move(name), .plugin = "fake", .timeout = 10s}};
  job.plugin = std::make_shared<run::PluginJob>(run::PluginJob{
      .id = job.settings.id(), .instance = std::move(instance), .timeout = job.settings.timeout});
  return job;
}

// Takes everything, and what is left of an earlier run without delay.
inline agent::Output output(std::string name, std::shared_ptr<plugin::Instance> instance) {
  agent::Output output{.settings = {.name = std::move(name), .plugin = "fake"},
                       .instance = std::move(instance)};
  output.manifest.accepts = {record::Kind::sample, record::Kind::check_result,
                             record::Kind::graph_definition};
  output.manifest.batch.backlog_interval = 0ms;
  return output;
}

// What stays when an agent ends: its files, and the time.
struct House {
  TemporaryDirectory directory{memory_backed()};
  FakeClock clock{noon + 20s};
};

struct PipelineFixture {
  explicit PipelineFixture(House& the_house)
      : house(the_house),
        pipeline({.loop = loop,
                  .timers = timers,
                  .clock = house.clock,
                  .queue = &queue,
                  .history = std::make_unique<history::Writer>(house.directory.file("history.db"),
                                                               house.clock),
                  .alerts = std::make_unique<alert::AlertStore>(house.directory.file("alerts.db"),
                                                                house.clock),
                  .on_round = [this](const run::Round& round) { rounds.push_back(round); }}) {}

  // Lets threads and the loop work until it is so.
  template <class Condition>
  void wait_until(Condition condition) {
    for (int turn = 0; turn < 10'000'000 && !condition(); ++turn) {
      if (!loop.run_ready()) std::this_thread::yield();
    }
    REQUIRE(condition());
  }
  void wait_for_rounds(std::size_t count) {
    wait_until([&] { return rounds.size() >= count; });
  }

  // Time passes, and what is due starts.
  void pass(std::chrono::nanoseconds duration) {
    house.clock.advance(duration);
    timers.run_due(house.clock.steady());
  }
  // As pass(), and as many rounds end as there are to be in all.
  void pass(std::chrono::nanoseconds duration, std::size_t rounds_in_all) {
    pass(duration);
    wait_for_rounds(rounds_in_all);
  }

  void flush() { pipeline.flush(10s); }

  control::JobStatus job_status(std::string_view id) const {
    for (const auto& job : status().jobs) {
      if (job.id == id) return job;
    }
    return {};
  }
  control::OutputStatus output_status(std::string_view name) const {
    for (const auto& output : status().outputs) {
      if (output.name == name) return output;
    }
    return {};
  }
  control::Status status() const {
    control::Status status;
    pipeline.fill(status);
    return status;
  }
  std::vector<WallTime> stamps() const {
    std::vector<WallTime> stamps;
    for (const auto& round : rounds) stamps.push_back(round.scheduled);
    return stamps;
  }

  House& house;
  EventLoop loop;
  schedule::WheelTimers timers;
  queue::Queue queue{house.directory.file("queue.db"), house.clock};
  std::vector<run::Round> rounds;
  agent::Pipeline pipeline;
};

inline bool adds_up(const control::OutputStatus& output) {
  return output.accepted == output.delivered + output.rejected + output.expired + output.dropped +
                                output.lost + output.pending;
}

}  // namespace shoal::test
