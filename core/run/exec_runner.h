// Runs rounds of jobs that are commands: starts them, waits for them on the loop, ends them at
// their deadline. Never blocks. Whether a job may run now is the scheduler's business. Loop thread
// only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/child_process.h"
#include "base/clock.h"
#include "base/event_loop.h"
#include "base/timers.h"
#include "run/exec_job.h"
#include "run/exec_round.h"
#include "run/round.h"
#include "run/running_command.h"

namespace shoal::run {

class ExecRunner {
 public:
  using Job = std::shared_ptr<const ExecJob>;  // a reload may drop a job while its round runs
  using Done = std::function<void(Round)>;

  ExecRunner(EventLoop& loop, Timers& timers, const Clock& clock);
  // Kills what still runs; its `done` is not called.
  ~ExecRunner();

  // Runs one round of `job` and calls `done` exactly once, always later from the loop. A job whose
  // earlier command cannot even be killed is not started again: Outcome::stuck.
  void start(Job job, WallTime scheduled, Done done);

  // Asks a metric command for its graph definitions; they are the records of the round.
  void start_graph_run(Job job, WallTime scheduled, Done done);

  // Runs what is to follow a round of a check, and tells it the result; does nothing if there is
  // none. Done by itself for commands.
  void start_action(const ExecCommand& action, const Round& round);

  // TERM to every command and all it started, KILL to what is left after ten seconds. Rounds end as
  // cancelled.
  void cancel_all();

  // Commands at work: rounds, and actions of checks.
  std::size_t running_count() const { return commands_.size(); }

 private:
  using Serial = std::uint64_t;

  void run(Job job, const RoundStart& start, Done done);
  void watch(ChildProcess child, const ExecCommand& command, std::size_t output_bytes,
             RunningCommand::Handlers handlers);
  EventLoop& loop_;
  Timers& timers_;
  const Clock& clock_;
  Serial last_serial_ = 0;
  std::map<Serial, std::unique_ptr<RunningCommand>> commands_;
  std::map<std::string, pid_t, std::less<>> immortal_;           // by job id
  std::map<std::string, record::Status, std::less<>> statuses_;  // the last ones, for actions
};

}  // namespace shoal::run
