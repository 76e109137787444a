// shoal check: one check as a Nagios plugin. Runs a round of it on a copy of its state, or asks the
// running agent for its last result.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <unistd.h>

#include <Poco/URI.h>
#include <fmt/core.h>

#include "agent/check_answer.h"
#include "agent/commands.h"
#include "agent/configuration.h"
#include "agent/environment.h"
#include "agent/loop_timers.h"
#include "agent/scratch_root.h"
#include "agent/services.h"
#include "agent/work.h"
#include "base/log.h"
#include "base/nearest.h"
#include "control/signals.h"
#include "control/status_server.h"
#include "run/exec_round.h"
#include "run/exec_runner.h"

namespace shoal::agent {
namespace {

namespace fs = std::filesystem;

const config::JobSettings& find_check(const config::Settings& settings, const std::string& name) {
  std::vector<std::string> known;
  for (const config::JobSettings& job : settings.jobs) {
    if (job.kind != config::JobKind::check) continue;
    if (job.name == name) return job;
    known.push_back(job.name);
  }
  const std::string_view near = nearest(name, known);
  throw Error(fmt::format("there is no check \"{}\"{}", name,
                          near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
}

// Only this check, in a place of its own. What follows a round is not for someone who looks.
config::Settings only(config::Settings settings, const std::string& name, const std::string& root) {
  config::JobSettings check = find_check(settings, name);
  check.action.reset();
  settings.jobs = {std::move(check)};
  settings.outputs.clear();
  settings.root = root;
  return settings;
}

void copy_state(const std::string& from, const std::string& to, const std::string& job,
                const Clock& clock) {
  for (const char* const name : {"id", "suspects.json"}) {
    std::error_code absent;
    fs::copy_file(fs::path(from) / name, fs::path(to) / name, absent);
  }
  plugin::StateStore(to + "/state.db", clock).adopt(from + "/state.db", job);
}

// One round of one job.
class OneRound {
 public:
  OneRound(EventLoop& loop, const Clock& clock)
      : loop_(loop),
        clock_(clock),
        timers_(loop, clock),
        commands_(loop, timers_, clock),
        plugins_(loop, timers_, clock, {}) {}

  run::Round run(const Job& job) {
    const auto done = [this](run::Round round) {
      round_ = std::move(round);
      loop_.stop();
    };
    if (job.command != nullptr) {
      commands_.start(job.command, clock_.wall(), done);
    } else {
      plugins_.start(job.plugin, clock_.wall(), done);
    }
    loop_.run();
    return std::move(round_);
  }

  void cancel() {
    commands_.cancel_all();
    plugins_.cancel_all();
  }
  bool has_stuck() const { return plugins_.has_stuck(); }

 private:
  EventLoop& loop_;
  const Clock& clock_;
  LoopTimers timers_;
  run::ExecRunner commands_;
  run::PluginRunner plugins_;
  run::Round round_;
};

record::CheckResult result_of(const run::Round& round) {
  if (const record::CheckResult* const result = run::check_result(round)) return *result;
  return {.text = fmt::format("UNKNOWN: {}: {}", run::outcome_name(round.outcome), round.reason)};
}

int tell(const record::CheckResult& result, bool is_command) {
  fmt::print("{}", nagios_text(result, is_command));
  std::fflush(stdout);
  return static_cast<int>(result.status);
}

int run_check(const Arguments& arguments) {
  const std::string& name = arguments.operands.front();
  EventLoop loop;
  OneRound* running = nullptr;
  const control::Signals signals(loop, {.stop = [&](int) { running->cancel(); }, .reload = [] {}});
  const config::Settings all = require_configuration(arguments);
  if (!arguments.value("log-level")) log::set_level(log::Level::error);
  prepare_environment(all);
  std::optional<ScratchRoot> root(std::in_place);
  const SystemClock clock;
  const config::Settings settings = only(all, name, root->path());
  copy_state(all.root, root->path(), settings.jobs.front().id(), clock);
  Services services(settings, clock);
  const Work work = prepare_work(settings, services.registry(), {});
  const Job& job = work.jobs.front();

  OneRound round(loop, clock);
  running = &round;
  const int code = tell(result_of(round.run(job)), job.command != nullptr);
  if (!round.has_stuck()) return code;
  // A thread that does not return would be waited for.
  root.reset();
  ::_exit(code);
}

int ask_agent(const Arguments& arguments) {
  std::string path;
  Poco::URI::encode(arguments.operands.front(), "/?#%", path);
  const control::Answer answer = control::ask(socket_path(arguments), "GET", "/check/" + path);
  if (answer.status != 200) throw Error(answer.body);
  const LastResult last = last_result_from_json(answer.body);
  if (const std::string stale = staleness(last, SystemClock().wall()); !stale.empty()) {
    throw Error(fmt::format("{}; it was {}: {}", stale, record::status_name(last.result.status),
                            last.result.text));
  }
  return tell(last.result, last.is_command);
}

}  // namespace

int check(const Arguments& arguments) {
  // What is said beside the result would be taken for a part of it.
  if (!arguments.value("log-level")) log::set_level(log::Level::error);
  return arguments.has("last") ? ask_agent(arguments) : run_check(arguments);
}

}  // namespace shoal::agent
