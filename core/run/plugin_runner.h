// Runs rounds of plugins on a few worker threads. A call that overruns its deadline is asked to
// end; at twice the deadline its instance is given up as stuck and its thread replaced, up to a
// cap. Calls of isolated plugins only wait for another process: they have threads of their own,
// made when they are needed and ended when they have not been for a while. Public functions are for
// the loop thread only; callbacks come there.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/event_loop.h"
#include "base/timers.h"
#include "plugin/instance.h"
#include "run/round.h"

namespace shoal::run {

// One configured plugin as the runner sees it.
struct PluginJob {
  std::string id;  // "metric:nginx"
  std::shared_ptr<plugin::Instance> instance;
  std::chrono::milliseconds timeout{30'000};
  bool is_started = false;  // whether start() succeeded; the worker's while a round runs
  bool is_stuck = false;    // the loop thread's
};

class PluginRunner {
 public:
  using Done = std::function<void(Round)>;
  struct Limits {
    std::size_t threads = 2;
    std::size_t most_threads = 18;  // with the replacements of blocked ones
    std::size_t most_waiting = 64;  // threads for isolated plugins
  };

  PluginRunner(EventLoop& loop, Timers& timers, const Clock& clock, Limits limits);
  // Waits for calls in progress, except those of stuck instances: see has_stuck().
  ~PluginRunner();

  // Runs one round of `job` and calls `done` with what came of it, exactly once. A stuck job is not
  // called again: its round is answered with Outcome::stuck.
  void start(std::shared_ptr<PluginJob> job, WallTime scheduled, Done done);

  // Lets go of a job that will not be started again: once no round of it runs, what it remembers
  // goes to `heir`, which takes its place and has not been started (null: nobody does), it says
  // farewell, and its instance is destroyed; all but the first on threads of ours. Then `done`.
  // An instance that is stuck is left alone.
  void retire(std::shared_ptr<PluginJob> job, std::shared_ptr<PluginJob> heir,
              std::function<void()> done);

  // Asks every running call to end.
  void cancel_all();
  // Calls of any kind.
  std::size_t running_count() const;
  // Whether calls have not returned though they were given up: their threads cannot be joined, so
  // the process must end by _exit.
  bool has_stuck() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace shoal::run
