// shoal supervise: runs the agent as a child and starts it again when it ends without having been
// told to. A child that ended soon after its start would do so again, and ends us too, unless it
// was taken down by an inline plugin: the next one runs that plugin in a process of its own.

#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <spawn.h>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/wait.h>

#include "agent/commands.h"
#include "agent/configuration.h"
#include "agent/pid_file.h"
#include "agent/services.h"
#include "base/child_process.h"
#include "base/error.h"
#include "base/log.h"
#include "plugin/crash_marker.h"

namespace shoal::agent {
namespace {

// As mackerel-agent has it.
constexpr std::chrono::seconds least_life{30};

struct Ending {
  bool by_signal = false;
  int code = 0;  // signal or exit code

  bool is_well() const { return !by_signal && code == 0; }
};

std::string to_text(const Ending& ending) {
  if (!ending.by_signal) return fmt::format("exited with code {}", ending.code);
  return fmt::format("was ended by signal {} ({})", ending.code, ::strsignal(ending.code));
}

// Those we wait for; blocked all the time, so that none is missed.
sigset_t awaited_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGCHLD}) sigaddset(&signals, signal);
  return signals;
}

std::vector<std::string> child_words(const std::string& program, const Arguments& arguments) {
  std::vector<std::string> words{program, "run", "--child"};
  for (const auto& [name, values] : arguments.flags) {
    for (const std::string& value : values) {
      words.push_back(value.empty() ? "--" + name : fmt::format("--{}={}", name, value));
    }
  }
  return words;
}

// In a group of its own: what a terminal sends is passed on by us, and comes but once. Read anew
// from its path each time, so that a new version of the program is taken up.
pid_t start_child(const std::vector<std::string>& words) {
  std::vector<char*> raw;
  for (const std::string& word : words) raw.push_back(const_cast<char*>(word.c_str()));  // NOLINT
  raw.push_back(nullptr);

  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, raw[0], nullptr, &attributes, raw.data(), environ);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) throw_errno("start " + words.front(), error);
  return pid;
}

class Supervisor {
 public:
  Supervisor(std::vector<std::string> words, std::string marker)
      : words_(std::move(words)), marker_(std::move(marker)), signals_(awaited_signals()) {
    stop_ignoring_children();
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  // The last child's end.
  Ending run() {
    for (;;) {
      const auto began = std::chrono::steady_clock::now();
      const Ending ending = run_child();
      if (is_told_to_stop_ || !is_to_go_on(ending, std::chrono::steady_clock::now() - began)) {
        return ending;
      }
    }
  }

 private:
  Ending run_child() {
    const pid_t pid = start_child(words_);
    for (;;) {
      int signal = 0;
      sigwait(&signals_, &signal);
      if (signal != SIGCHLD) {
        is_told_to_stop_ = is_told_to_stop_ || signal != SIGHUP;
        ::kill(pid, signal);
        continue;
      }
      int status = 0;
      if (::waitpid(pid, &status, WNOHANG) == pid && !WIFSTOPPED(status)) {
        if (WIFSIGNALED(status)) return {.by_signal = true, .code = WTERMSIG(status)};
        return {.by_signal = false, .code = WEXITSTATUS(status)};
      }
    }
  }

  bool is_to_go_on(const Ending& ending, std::chrono::nanoseconds life) const {
    const auto suspects = plugin::judge_end(marker_, ending.by_signal, ending.code);
    for (const auto& suspect : suspects) {
      log::warning("supervise: {}; it will run in a process of its own", to_text(suspect));
    }
    if (suspects.empty() && life < least_life) {
      log::error("supervise: the agent {} within {} s; not started again", to_text(ending),
                 least_life.count());
      return false;
    }
    log::write(ending.is_well() ? log::Level::info : log::Level::warning,
               fmt::format("supervise: the agent {}; started again", to_text(ending)));
    return true;
  }

  const std::vector<std::string> words_;
  const std::string marker_;
  const sigset_t signals_;
  bool is_told_to_stop_ = false;
};

}  // namespace

int supervise(const Arguments& arguments) {
  const config::Settings settings = require_configuration(arguments);
  const PidFile pid_file(settings.pidfile);
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  const Ending ending =
      Supervisor(child_words(program, arguments), crash_marker_file(settings.root)).run();
  return ending.is_well() ? 0 : 1;
}

}  // namespace shoal::agent
