// One command at work: takes what it prints, ends it at its deadline and says what came of it.
// Knows nothing of jobs and records. Loop thread only.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include "base/child_process.h"
#include "base/clock.h"
#include "base/event_loop.h"
#include "base/timers.h"
#include "run/output_capture.h"

namespace shoal::run {

struct CommandResult {
  ExitStatus exit;
  bool is_timed_out = false;  // its deadline came first; it may still have ended by itself
  bool is_cancelled = false;  // it was ended by cancel()
  bool is_immortal = false;   // neither TERM nor KILL ended it; there is no exit status
  OutputCapture output;
  OutputCapture errors;
};

class RunningCommand {
 public:
  struct Surroundings {
    EventLoop& loop;
    Timers& timers;
    const Clock& clock;
  };
  struct Limits {
    std::chrono::milliseconds timeout;
    std::size_t output_bytes;
    std::size_t error_bytes;
  };
  // Each is called once, never from within the constructor.
  struct Handlers {
    std::function<void(CommandResult)> ended;
    std::function<void()> gone;  // the process is reaped; the command may be destroyed here
  };

  RunningCommand(Surroundings surroundings, ChildProcess child, Limits limits, Handlers handlers);
  // Kills a process that still runs, without calling a handler.
  ~RunningCommand();
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;

  pid_t pid() const { return child_.pid(); }
  // TERM now, KILL later, as at the deadline.
  void cancel();

 private:
  enum class Stage { running, terminated, killed, given_up };

  void watch_stream(UniqueFd& fd, OutputCapture& capture);
  void close_stream(UniqueFd& fd);
  void read_some(UniqueFd& fd, OutputCapture& capture);
  void drain(UniqueFd& fd, OutputCapture& capture);
  void take_exit();
  void wait_until(SteadyTime due);
  void lose_patience();
  void terminate();
  void close_all();

  Surroundings around_;
  ChildProcess child_;
  Handlers handlers_;
  CommandResult result_;
  Stage stage_ = Stage::running;
  Timers::Id timer_ = 0;
};

}  // namespace shoal::run
