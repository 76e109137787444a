// The agent's life: start, reload, stop. Owns everything that lives as long as the process does.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "agent/loop_timers.h"
#include "agent/pipeline.h"
#include "agent/relay_listener.h"
#include "agent/services.h"
#include "base/clock.h"
#include "base/event_loop.h"
#include "config/settings.h"
#include "control/signals.h"
#include "control/status_server.h"
#include "plugin/crash_marker.h"

namespace shoal::agent {

class Agent {
 public:
  struct Options {
    // Reads the configuration anew for a reload; throws ConfigError that names every problem.
    std::function<config::Settings()> read_settings;
    std::function<void(const run::Round&)> on_round;  // for the terminal; may be empty
  };

  // Makes everything ready. Throws when something is missing or wrong; then nothing is half
  // started.
  Agent(const config::Settings& settings, Options options);
  ~Agent();

  // Runs until it is told to stop; returns the exit code.
  int run();

 private:
  // Gets why the reload was refused, or nothing. On the loop thread.
  using Reloaded = std::function<void(const std::string& error)>;
  struct Reload {
    std::thread thread;  // joinable while a reload is in progress
    std::vector<Reloaded> waiting;
  };

  std::unique_ptr<history::Writer> open_history() const;
  std::unique_ptr<alert::AlertStore> open_alerts() const;
  // Plugins that took the last agent down get a process of their own from now on.
  void suspect_culprits();
  void announce_culprits();
  std::vector<std::string> notices() const;
  void name_unheard_tags(const config::Settings& settings);
  void on_stop_signal();
  void begin_stop();
  void let_rounds_end();
  int finish();

  void begin_reload(Reloaded reloaded);
  void reload_off_loop();
  void end_reload(const std::string& error);
  // Has the loop thread call `function` and waits for what it returns.
  template <class Function>
  auto on_loop(Function function);

  control::Status status();
  // On threads of the status server.
  control::Answer answer(std::string_view method, std::string_view path, std::string_view body);
  control::Answer answer_status();
  control::Answer answer_reload();
  control::Answer answer_stop();
  control::Answer answer_check(std::string_view name);
  control::Answer answer_acknowledge(std::string_view body);
  control::Answer answer_reset(std::string_view id);

  const config::Settings settings_;
  const Options options_;
  SystemClock clock_;
  WallTime started_;
  EventLoop loop_;
  LoopTimers timers_{loop_, clock_};
  control::Signals signals_;
  // Opened first: a second agent on the same state is refused here, and then leaves all else alone.
  std::unique_ptr<queue::Queue> queue_;
  plugin::CrashMarker marker_;
  Services services_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<control::StatusServer> server_;
  RelayListener relay_;

  Reload reload_;
  std::optional<WallTime> last_reload_;
  std::string last_reload_error_;
  bool is_stopping_ = false;
  bool has_ended_well_ = false;
};

}  // namespace shoal::agent
