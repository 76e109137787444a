// shoal once: every metric is collected once, with a window of one second for what is measured over
// time, and printed. Nothing is delivered or kept.

#include <algorithm>
#include <map>
#include <thread>

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "agent/commands.h"
#include "agent/configuration.h"
#include "agent/environment.h"
#include "agent/loop_timers.h"
#include "agent/services.h"
#include "agent/version.h"
#include "agent/work.h"
#include "base/log.h"
#include "run/exec_runner.h"

namespace shoal::agent {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds window{1};

void take_samples(const std::string& job, std::vector<record::Record> records,
                  std::vector<record::Sample>& samples) {
  for (record::Record& record : records) {
    if (auto* sample = std::get_if<record::Sample>(&record)) samples.push_back(std::move(*sample));
  }
  log::debug("{}: {} samples", job, samples.size());
}

// Collects from plugins one after another; they are quick, and there is no hurry.
class PluginRounds {
 public:
  PluginRounds(const std::vector<Job>& jobs, const Clock& clock) : jobs_(jobs), clock_(clock) {}

  std::vector<record::Sample> run_all(bool is_first) {
    std::vector<record::Sample> samples;
    for (const Job& job : jobs_) {
      if (job.plugin == nullptr || job.settings.kind != config::JobKind::metric) continue;
      run(job, is_first, samples);
    }
    return samples;
  }

 private:
  void run(const Job& job, bool is_first, std::vector<record::Sample>& samples) {
    const plugin::Call call{.scheduled = clock_.wall(),
                            .deadline = clock_.steady() + job.settings.timeout};
    plugin::Instance& instance = *job.plugin->instance;
    plugin::RoundReport report = is_first ? instance.start(call) : plugin::RoundReport{};
    if (report.status == plugin::CallStatus::ok) report = instance.run(call);
    if (report.status != plugin::CallStatus::ok && report.status != plugin::CallStatus::nothing) {
      log::warning("{}: {}", job.settings.id(), report.reason);
    }
    take_samples(job.settings.id(), std::move(report.records), samples);
  }

  const std::vector<Job>& jobs_;
  const Clock& clock_;
};

std::vector<record::Sample> run_commands(const std::vector<Job>& jobs, const Clock& clock) {
  std::vector<record::Sample> samples;
  EventLoop loop;
  LoopTimers timers(loop, clock);
  run::ExecRunner runner(loop, timers, clock);
  std::size_t running = 0;
  for (const Job& job : jobs) {
    if (job.command == nullptr || job.settings.kind != config::JobKind::metric) continue;
    ++running;
    runner.start(job.command, clock.wall(), [&](run::Round round) {
      if (!round.reason.empty()) log::warning("{}: {}", round.job, round.reason);
      take_samples(round.job, std::move(round.records), samples);
      if (--running == 0) loop.stop();
    });
  }
  if (running > 0) loop.run();
  return samples;
}

// Those of the second round, and of the first what the second did not say again.
std::vector<record::Sample> collect(const std::vector<Job>& jobs, const Clock& clock) {
  PluginRounds plugins(jobs, clock);
  plugins.run_all(true);
  std::this_thread::sleep_for(window);
  std::vector<record::Sample> samples = plugins.run_all(false);
  for (record::Sample& sample : run_commands(jobs, clock)) samples.push_back(std::move(sample));
  std::sort(samples.begin(), samples.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return samples;
}

// As Mackerel will call it.
std::string posted_name(const record::Sample& sample) {
  return sample.origin == record::Origin::host ? sample.name : "custom." + sample.name;
}

std::string rfc3339_nano(WallTime time) {
  const auto seconds = unix_seconds(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:09}Z", fmt::gmtime(static_cast<time_t>(seconds)),
                     unix_nanoseconds(time) - seconds * 1'000'000'000);
}

// The outline of mackerel-agent's `once`.
std::string as_json(const std::vector<record::Sample>& samples, const std::string& host_spec,
                    WallTime now) {
  std::map<std::string, Json> by_identifier{{"", Json::object()}};
  for (const record::Sample& sample : samples) {
    by_identifier[sample.custom_identifier][posted_name(sample)] = {
        {"Time", unix_seconds(sample.time)}, {"Value", sample.value}};
  }
  Json values = Json::array();
  for (auto& [identifier, one] : by_identifier) {
    values.push_back({{"CustomIdentifier", identifier.empty() ? Json() : Json(identifier)},
                      {"Values", std::move(one)}});
  }
  const Json all{{"host", Json::parse(host_spec)},
                 {"metrics", {{"Created", rfc3339_nano(now)}, {"Values", std::move(values)}}}};
  return all.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string as_lines(const std::vector<record::Sample>& samples, bool is_sensu) {
  std::string text;
  for (const record::Sample& sample : samples) {
    text += is_sensu
                ? fmt::format("{}\t{}\t{}\n", sample.name, sample.value, unix_seconds(sample.time))
                : fmt::format("{:<40} {}\n", sample.name, sample.value);
  }
  return text;
}

}  // namespace

int once(const Arguments& arguments) {
  const std::string format = arguments.value("format").value_or("json");
  if (format != "json" && format != "text" && format != "sensu") {
    throw UsageError(fmt::format("--format: expected json, text or sensu, got \"{}\"", format));
  }
  const config::Settings settings = require_configuration(arguments);
  prepare_environment(settings);
  prepare_root(settings.root);
  const SystemClock clock;
  Services services(settings, clock);
  config::Settings metrics_only = settings;
  metrics_only.outputs.clear();
  const Work work = prepare_work(metrics_only, services.registry(), {});
  const std::vector<record::Sample> samples = collect(work.jobs, clock);
  if (format == "json") {
    fmt::print("{}", as_json(samples, services.identity().host_spec_json(), clock.wall()));
  } else {
    fmt::print("{}", as_lines(samples, format == "sensu"));
  }
  return 0;
}

}  // namespace shoal::agent
