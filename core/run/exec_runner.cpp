#include "run/exec_runner.h"

#include <utility>

#include <fmt/core.h>

#include "base/log.h"
#include "base/utf8.h"

namespace shoal::run {
namespace {

constexpr std::size_t longest_logged = 1024;
constexpr int not_found = 127;

using Started = std::variant<ChildProcess, StartFailure>;

Started start_program(const ExecCommand& command, const config::Environment& more) {
  Program program{.words = command.line.words, .env = command.env};
  program.env.insert(program.env.end(), more.begin(), more.end());
  Started started = ChildProcess::start(program);
  const auto* failure = std::get_if<StartFailure>(&started);
  if (failure == nullptr || failure->exit_code != not_found || command.line.shell_words.empty()) {
    return started;
  }
  program.words = command.line.shell_words;
  return ChildProcess::start(program);
}

// Commands test whether the variable is empty, so it is there in every round of a metric.
config::Environment variables_for(const ExecJob& job, Purpose purpose) {
  if (job.kind != config::JobKind::metric) return {};
  return {{"MACKEREL_AGENT_PLUGIN_META", purpose == Purpose::graph_definitions ? "1" : ""}};
}

void log_errors(const ExecJob& job, const OutputCapture& errors) {
  if (errors.text().empty()) return;
  const bool is_metric = job.kind == config::JobKind::metric;
  const auto level = is_metric ? log::Level::info : log::Level::warning;
  if (!log::is_enabled(level)) return;
  log::write(level, fmt::format("{}: stderr: {}", job.id, quoted(errors.text(), longest_logged)));
}

void log_action(const std::string& id, const CommandResult& result) {
  log::debug("{}: action ended by {} {}, stdout: {}", id,
             result.exit.by_signal ? "signal" : "exit code", result.exit.code,
             quoted(result.output.text(), longest_logged));
  if (result.is_timed_out) log::warning("{}: action timed out", id);
  if (result.errors.text().empty()) return;
  log::warning("{}: action: stderr: {}", id, quoted(result.errors.text(), longest_logged));
}

}  // namespace

ExecRunner::ExecRunner(EventLoop& loop, Timers& timers, const Clock& clock)
    : loop_(loop), timers_(timers), clock_(clock) {
  stop_ignoring_children();
}

ExecRunner::~ExecRunner() = default;

void ExecRunner::start(Job job, WallTime scheduled, Done done) {
  run(std::move(job), {Purpose::round, scheduled, clock_.steady()}, std::move(done));
}

void ExecRunner::start_graph_run(Job job, WallTime scheduled, Done done) {
  run(std::move(job), {Purpose::graph_definitions, scheduled, clock_.steady()}, std::move(done));
}

void ExecRunner::run(Job job, const RoundStart& start, Done done) {
  const auto fail = [&](Outcome outcome, std::string reason) {
    Round round = failed_round(*job, start, outcome, std::move(reason), clock_.steady());
    if (job->action != nullptr) start_action(*job->action, round);
    loop_.post([done, round = std::move(round)] { done(round); });
  };
  if (const auto immortal = immortal_.find(job->id); immortal != immortal_.end()) {
    return fail(Outcome::stuck,
                fmt::format("process {} of an earlier round cannot be killed", immortal->second));
  }
  Started started = start_program(job->command, variables_for(*job, start.purpose));
  if (const auto* failure = std::get_if<StartFailure>(&started)) {
    return fail(Outcome::failed, failure->text);
  }

  auto& child = std::get<ChildProcess>(started);
  const pid_t pid = child.pid();
  auto ended = [this, job, start, done, pid](CommandResult result) {
    log_errors(*job, result.errors);
    if (result.is_immortal) immortal_[job->id] = pid;
    Round round = ended_round(*job, start, std::move(result), {clock_.wall(), clock_.steady()});
    if (job->action != nullptr) start_action(*job->action, round);
    done(std::move(round));
  };
  auto gone = [this, pid] {
    std::erase_if(immortal_, [pid](const auto& entry) { return entry.second == pid; });
  };
  watch(std::move(child), job->command, output_limit(*job), {std::move(ended), std::move(gone)});
}

void ExecRunner::watch(ChildProcess child, const ExecCommand& command, std::size_t output_bytes,
                       RunningCommand::Handlers handlers) {
  const Serial serial = ++last_serial_;
  handlers.gone = [this, serial, gone = std::move(handlers.gone)] {
    gone();
    commands_.erase(serial);
  };
  commands_[serial] = std::make_unique<RunningCommand>(
      RunningCommand::Surroundings{loop_, timers_, clock_}, std::move(child),
      RunningCommand::Limits{command.timeout, output_bytes, longest_errors}, std::move(handlers));
}

void ExecRunner::start_action(const ExecCommand& action, const Round& round) {
  const record::CheckResult* const result = check_result(round);
  if (result == nullptr) return;
  const auto previous = statuses_.find(round.job);
  const config::Environment about_check = {
      {"MACKEREL_STATUS", std::string(record::status_name(result->status))},
      {"MACKEREL_PREVIOUS_STATUS",
       previous == statuses_.end() ? "" : std::string(record::status_name(previous->second))},
      {"MACKEREL_CHECK_MESSAGE", result->text}};
  statuses_[round.job] = result->status;

  Started started = start_program(action, about_check);
  if (const auto* failure = std::get_if<StartFailure>(&started)) {
    return log::warning("{}: action: {}", round.job, failure->text);
  }
  watch(std::move(std::get<ChildProcess>(started)), action, longest_errors,
        {[id = round.job](const CommandResult& end) { log_action(id, end); }, [] {}});
}

void ExecRunner::cancel_all() {
  for (const auto& [serial, command] : commands_) command->cancel();
}

}  // namespace shoal::run
