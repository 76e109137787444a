#include "agent/pipeline.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <fmt/core.h>

#include "agent/performance_samples.h"
#include "base/log.h"
#include "run/exec_round.h"

namespace shoal::agent {
namespace {

constexpr std::size_t most_running_rounds = 64;
constexpr std::chrono::seconds overdue_interval{5};
constexpr std::chrono::minutes graph_retry_interval{10};
// A command that ignores TERM is killed ten seconds later.
constexpr std::chrono::seconds kill_patience{11};

schedule::JobPlan plan_of(const config::JobSettings& settings) {
  const bool is_aligned = settings.kind == config::JobKind::metric;
  return {.id = settings.id(),
          .interval = settings.interval,
          .phase = is_aligned ? schedule::Phase::aligned : schedule::Phase::spread};
}

// The plugin, or the program and where it is long only its beginning, on one line.
std::string description_of(const Job& job) {
  constexpr std::size_t longest = 60;
  if (!job.settings.command) return "plugin " + job.settings.plugin;
  const config::Command& command = *job.settings.command;
  std::string text = command.words.empty() ? command.shell : command.words.front();
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c >= 0 && c < ' '; }, ' ');
  if (text.size() > longest) text = text.substr(0, longest) + "...";
  return "command " + text;
}

std::vector<record::Record> stamped(std::vector<record::GraphDefinition> graphs, WallTime now) {
  for (record::GraphDefinition& graph : graphs) graph.time = now;
  return {graphs.begin(), graphs.end()};
}

// How the plugin of a job or an output fares.
template <class Status>
void fill_health(Status& status, const plugin::Instance& instance) {
  const plugin::Health health = instance.health();
  status.isolation = instance.is_isolated() ? "process" : "inline";
  status.process_id = health.pid;
  status.deaths = health.deaths;
  status.last_death = health.last_cause;
  if (health.is_quarantined) status.state = "quarantined";
}

bool is_failure(const run::Round& round) {
  return round.outcome != run::Outcome::ok && round.outcome != run::Outcome::cancelled;
}

}  // namespace

Pipeline::Pipeline(Surroundings surroundings)
    : around_(std::move(surroundings)),
      scheduler_(
          around_.clock, around_.timers,
          [this](const std::string& id, WallTime scheduled) { start_round(id, scheduled); },
          most_running_rounds),
      exec_runner_(around_.loop, around_.timers, around_.clock),
      plugin_runner_(around_.loop, around_.timers, around_.clock, {}) {
  if (around_.alerts != nullptr) {
    untold_ = around_.alerts->untold();
    alerts_ = alert::Alerts(around_.alerts->states());
  }
  recorder_ = std::make_unique<Recorder>(
      Recorder::Files{around_.queue, std::move(around_.history), std::move(around_.alerts)},
      around_.clock, [this](Recorder::Commit commit) { on_commit(std::move(commit)); });
  cancel_overdue_deliveries();
}

Pipeline::~Pipeline() = default;

void Pipeline::apply(Work work) {
  apply_outputs(std::move(work.outputs));
  apply_alerts(work.jobs, std::move(work.silences));
  apply_jobs(std::move(work.jobs));
}

Work Pipeline::work() const {
  Work work;
  // A stuck instance is not worth taking over.
  for (const auto& [id, entry] : jobs_) {
    if (!entry.state->is_stuck) work.jobs.push_back(entry.job);
  }
  for (const auto& line : outputs_) work.outputs.push_back(line->output());
  work.silences = silences_;
  return work;
}

std::shared_ptr<OutputLine> Pipeline::find_line(const Output& output) const {
  const auto found = std::find_if(outputs_.begin(), outputs_.end(),
                                  [&](const auto& line) { return line->output().is_same(output); });
  return found == outputs_.end() ? nullptr : *found;
}

Pipeline::Lines Pipeline::lines_to_stop(const Work& next) const {
  Lines lines = outputs_;
  for (const Output& output : next.outputs) std::erase(lines, find_line(output));
  return lines;
}

void Pipeline::apply_outputs(std::vector<Output> outputs) {
  Lines lines;
  std::vector<route::Destination> destinations;
  for (Output& output : outputs) {
    route::Kinds accepts;
    for (const record::Kind kind : output.manifest.accepts) accepts.add(kind);
    destinations.push_back({.accepts = accepts, .match = output.settings.match});
    auto line = find_line(output);
    if (line == nullptr) {
      line = std::make_shared<OutputLine>(std::move(output), around_.queue, around_.clock);
    }
    lines.push_back(std::move(line));
  }
  has_left_stuck_output_ |= has_stuck_output();
  outputs_ = std::move(lines);
  router_ = route::Router(destinations);
  auto routes = std::make_shared<EventRoutes>(EventRoutes{.router = router_, .masks = {}});
  for (const auto& line : outputs_) routes->masks.push_back(line->mask());
  const std::lock_guard lock(mutex_);
  event_routes_ = std::move(routes);
}

void Pipeline::apply_jobs(std::vector<Job> jobs) {
  JobMap next;
  for (Job& job : jobs) {
    const std::string id = job.settings.id();
    const auto old = jobs_.find(id);
    const bool is_unchanged =
        old != jobs_.end() && old->second.job.plugin == job.plugin && old->second.job.is_same(job);
    const bool is_upgraded =
        old != jobs_.end() && !is_unchanged && job.is_other_version(old->second.job);
    const bool keeps_state = is_unchanged || (is_upgraded && !old->second.state->is_stuck);
    JobEntry entry{.job = std::move(job),
                   .state = keeps_state ? old->second.state : std::make_shared<JobState>()};
    const Job& added = next.emplace(id, std::move(entry)).first->second.job;
    if (is_unchanged) continue;
    if (!is_upgraded) scheduler_.remove(id);
    if (old != jobs_.end()) retire(old->second.job, is_upgraded ? &added : nullptr);
    announce_graphs(added);
  }
  for (const auto& [id, entry] : jobs_) {
    if (next.contains(id)) continue;
    scheduler_.remove(id);
    retire(entry.job, nullptr);
  }
  jobs_ = std::move(next);
  for (const auto& [id, entry] : jobs_) scheduler_.add(plan_of(entry.job.settings));
}

void Pipeline::retire(const Job& job, const Job* heir) {
  if (job.plugin == nullptr) return;
  plugin_runner_.retire(job.plugin, heir == nullptr ? nullptr : heir->plugin, [] {});
}

// At every start, as mackerel-agent does; the queue then keeps them until they are accepted.
void Pipeline::announce_graphs(const Job& job) {
  if (!job.graphs.empty()) record(stamped(job.graphs, around_.clock.wall()));
  if (job.command == nullptr || job.settings.kind != config::JobKind::metric) return;
  if (job.command->format != config::OutputFormat::mackerel) return;
  exec_runner_.start_graph_run(job.command, around_.clock.wall(),
                               [this, command = job.command](run::Round round) {
                                 note_faults(round);
                                 if (is_failure(round))
                                   return retry_graph_run(round.job, round.reason, command);
                                 record(std::move(round.records));
                               });
}

// A command may need something at the start that is not there yet. Until it answers, or the job is
// another one.
void Pipeline::retry_graph_run(const std::string& id, const std::string& reason,
                               const run::ExecRunner::Job& command) {
  log::warning("{}: {}; asked for its graphs again in {} minutes", id, reason,
               graph_retry_interval.count());
  around_.timers.call_at(around_.clock.steady() + graph_retry_interval, [this, id, command] {
    const auto found = jobs_.find(id);
    if (found != jobs_.end() && found->second.job.command == command) {
      announce_graphs(found->second.job);
    }
  });
}

void Pipeline::clock_stepped() {
  scheduler_.clock_stepped();
  pass_time();
}

void Pipeline::start_round(const std::string& id, WallTime scheduled) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return scheduler_.finished(id);
  const Job& job = found->second.job;
  const auto done = [this, state = found->second.state](run::Round round) {
    finish_round(*state, std::move(round));
  };
  if (job.command != nullptr) {
    exec_runner_.start(job.command, scheduled, done);
  } else {
    plugin_runner_.start(job.plugin, scheduled,
                         [this, done, action = job.action](run::Round round) {
                           if (action != nullptr) exec_runner_.start_action(*action, round);
                           done(std::move(round));
                         });
  }
}

void Pipeline::finish_round(JobState& state, run::Round round) {
  note(state, round);
  if (around_.on_round) around_.on_round(round);
  const std::string id = round.job;
  if (round.outcome == run::Outcome::stuck) report_stuck(state, round);
  report_quarantine(state, round);
  add_performance_samples(round.records);
  if (!round.records.empty()) record(std::move(round.records));
  scheduler_.finished(id);
  if (scheduler_.running_count() == 0) end_jobs();
}

void Pipeline::note(JobState& state, const run::Round& round) {
  note_faults(round);
  const bool is_news = is_failure(round) && round.reason != state.last_reason;
  if (is_news)
    log::warning("{}: {}: {}", round.job, run::outcome_name(round.outcome), round.reason);
  state.last_outcome = run::outcome_name(round.outcome);
  state.last_reason = round.reason;
  state.last_duration = round.duration;
  state.last_records = round.records.size();
  state.dropped += round.dropped;
  if (const auto* const result = run::check_result(round)) state.last_result = *result;
  if (is_failure(round)) ++state.failures;
}

void Pipeline::note_faults(const run::Round& round) {
  for (const std::string& fault : round.faults) log::warning("{}: {}", round.job, fault);
}

// Once, when it happens: afterwards the status shows it.
void Pipeline::report_stuck(JobState& state, const run::Round& round) {
  if (std::exchange(state.is_stuck, true)) return;
  report(round.scheduled, record::Status::critical, fmt::format("{}: {}", round.job, round.reason));
}

void Pipeline::report_quarantine(JobState& state, const run::Round& round) {
  const auto found = jobs_.find(round.job);
  if (found == jobs_.end() || found->second.job.plugin == nullptr) return;
  const auto health = found->second.job.plugin->instance->health();
  if (std::exchange(state.is_quarantined, health.is_quarantined) == health.is_quarantined) return;
  if (health.is_quarantined) {
    log::error("{}: quarantined, tried once an hour: {}", round.job, health.last_cause);
    report(round.scheduled, record::Status::critical,
           fmt::format("{}: quarantined: {}", round.job, health.last_cause));
  } else {
    report(round.scheduled, record::Status::ok, round.job + ": out of quarantine");
  }
}

void Pipeline::say(record::Status status, std::string text) {
  report(around_.clock.wall(), status, std::move(text));
}

void Pipeline::report(WallTime time, record::Status status, std::string text) {
  record({record::CheckResult{
      .name = "shoal", .status = status, .text = std::move(text), .time = time}});
}

void Pipeline::record(std::vector<record::Record> records) {
  std::vector<queue::Entry> entries;
  entries.reserve(records.size());
  queue::OutputMask urgent = 0;
  for (record::Record& one : records) {
    if (const auto* result = std::get_if<record::CheckResult>(&one)) heed(*result);
    const bool is_now = is_urgent(one);
    entries.push_back(routed(std::move(one)));
    if (is_now) urgent |= entries.back().outputs;
  }
  recorder_->record(std::move(entries), urgent);
}

// Given to those of its outputs that keep it themselves; an event only once it is saved.
queue::Entry Pipeline::routed(record::Record record) {
  const bool is_event = std::holds_alternative<record::Event>(record);
  const route::Mask mask = router_.route(record);
  queue::OutputMask durable = 0;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if ((mask >> i & 1) == 0) continue;
    durable |= is_event ? outputs_[i]->mask() : outputs_[i]->accept(record);
  }
  return {.record = std::move(record), .outputs = durable};
}

// What changes is to be known now, by whomever it goes to. That a check begins well is no change.
bool Pipeline::is_urgent(const record::Record& record) {
  const auto* result = std::get_if<record::CheckResult>(&record);
  if (result == nullptr) return false;
  const auto last = statuses_.try_emplace(result->name, record::Status::ok).first;
  return std::exchange(last->second, result->status) != result->status;
}

void Pipeline::notify_outputs(queue::OutputMask outputs, queue::OutputMask urgent) {
  for (const auto& line : outputs_) {
    if ((line->mask() & urgent) != 0) {
      line->hurry();
    } else if ((line->mask() & outputs) != 0) {
      line->notify();
    }
  }
}

void Pipeline::cancel_overdue_deliveries() {
  for (const auto& line : outputs_) line->cancel_overdue();
  around_.timers.call_at(around_.clock.steady() + overdue_interval,
                         [this] { cancel_overdue_deliveries(); });
}

void Pipeline::flush(std::chrono::milliseconds patience) {
  const SteadyTime deadline = around_.clock.steady() + patience;
  recorder_.reset();
  hand_over_events();
  std::vector<std::thread> threads;
  for (const auto& line : outputs_)
    threads.emplace_back([&line, deadline] { line->stop(deadline); });
  for (std::thread& thread : threads) thread.join();
}

void Pipeline::stop_rounds(std::chrono::milliseconds patience, std::function<void()> idle) {
  scheduler_.stop();
  on_idle_ = std::move(idle);
  if (scheduler_.running_count() == 0) end_jobs();
  const SteadyTime deadline = around_.clock.steady() + patience;
  around_.timers.call_at(deadline, [this] { cancel_rounds(); });
  around_.timers.call_at(deadline + kill_patience, [this] { go_idle(); });
}

void Pipeline::cancel_rounds() {
  exec_runner_.cancel_all();
  plugin_runner_.cancel_all();
}

void Pipeline::end_jobs() {
  if (!on_idle_ || std::exchange(is_ending_jobs_, true)) return;
  farewells_ = 1;
  for (auto& [id, entry] : jobs_) {
    if (entry.job.plugin == nullptr) continue;
    ++farewells_;
    plugin_runner_.retire(std::move(entry.job.plugin), nullptr, [this] { end_farewell(); });
  }
  end_farewell();
}

void Pipeline::end_farewell() {
  if (--farewells_ == 0) go_idle();
}

void Pipeline::go_idle() {
  if (on_idle_) std::exchange(on_idle_, nullptr)();
}

bool Pipeline::has_stuck_output() const {
  return std::any_of(outputs_.begin(), outputs_.end(),
                     [](const auto& line) { return line->is_stuck(); });
}

// A call that is still running now has outlasted all patience, be its own deadline ever so far.
bool Pipeline::has_stuck_threads() const {
  return plugin_runner_.has_stuck() || plugin_runner_.running_count() > 0 ||
         has_left_stuck_output_ || has_stuck_output();
}

void Pipeline::fill(control::Status& status) const {
  status.displaced_rounds = recorder_ ? recorder_->displaced_rounds() : 0;
  for (const schedule::JobStatus& scheduled : scheduler_.snapshot()) {
    status.jobs.push_back(status_of(scheduled));
  }
  for (const auto& output : outputs_) {
    status.outputs.push_back(output->status());
    fill_health(status.outputs.back(), *output->output().instance);
  }
}

std::optional<LastResult> Pipeline::last_result(const std::string& check) const {
  const auto found = jobs_.find("check:" + check);
  if (found == jobs_.end() || !found->second.state->last_result) return std::nullopt;
  const config::JobSettings& settings = found->second.job.settings;
  return LastResult{.result = *found->second.state->last_result,
                    .is_command = settings.command.has_value(),
                    .interval = settings.interval,
                    .timeout = settings.timeout};
}

bool Pipeline::forgive(std::string_view id) {
  if (const auto job = jobs_.find(std::string(id)); job != jobs_.end()) {
    if (job->second.job.plugin == nullptr) return false;
    job->second.job.plugin->instance->forgive();
    return true;
  }
  const auto line = std::find_if(outputs_.begin(), outputs_.end(), [&](const auto& one) {
    return "output:" + one->output().settings.name == id;
  });
  if (line == outputs_.end()) return false;
  (*line)->output().instance->forgive();
  (*line)->notify();
  return true;
}

control::JobStatus Pipeline::status_of(const schedule::JobStatus& scheduled) const {
  control::JobStatus status{.id = scheduled.id,
                            .state = scheduled.is_running ? "running" : "waiting",
                            .last_scheduled = scheduled.last_scheduled,
                            .next = scheduled.next_due,
                            .rounds = scheduled.started,
                            .missed = scheduled.skipped};
  const auto found = jobs_.find(scheduled.id);
  if (found == jobs_.end()) return status;
  const Job& job = found->second.job;
  const JobState& state = *found->second.state;
  status.check = check_status(scheduled.id);
  status.what = description_of(job);
  status.interval = job.settings.interval;
  status.version = job.version;
  status.content = job.content;
  if (state.is_stuck) status.state = "stuck";
  if (job.plugin != nullptr) fill_health(status, *job.plugin->instance);
  status.last_outcome = state.last_outcome;
  status.last_reason = state.last_reason;
  status.last_duration = state.last_duration;
  status.last_records = state.last_records;
  status.failures = state.failures;
  status.dropped = state.dropped;
  return status;
}

}  // namespace shoal::agent
