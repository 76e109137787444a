// A program at work in a process group of its own: started by posix_spawn with an empty standard
// input, its two outputs as pipes, default signals and no descriptor of ours but those it is given.
// Knows no event loop: it hands out descriptors to wait for and never blocks on the child. Not
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <sys/types.h>

#include "base/unique_fd.h"

namespace shoal {

struct Program {
  // The first is searched along our PATH unless it has a slash. Not empty.
  std::vector<std::string> words;
  // Set over our own environment; of two with one name the later counts.
  std::vector<std::pair<std::string, std::string>> env;
  // Of our environment, not handed on.
  std::vector<std::string> unset;
  // Borrowed until start() returns: the child has them as 3, 4, ...
  std::vector<int> descriptors;
};

// Why a program could not be started, in the words mackerel-agent uses.
struct StartFailure {
  int exit_code = 0;  // as a shell says it: 127 not found, 126 not executable, 125 anything else
  std::string text;   // `exit code: 127, exec: "no-such": executable file not found in $PATH`
};

struct ExitStatus {
  bool by_signal = false;
  int code = 0;  // exit code or signal number; -1 when someone else reaped the child
};

class ChildProcess {
 public:
  // A script without "#!" is handed to sh, as execvp does.
  static std::variant<ChildProcess, StartFailure> start(const Program& program);

  ChildProcess(ChildProcess&&) noexcept = default;
  ChildProcess& operator=(ChildProcess&&) = delete;
  // A child that has not been reaped is killed with its whole group.
  ~ChildProcess();

  pid_t pid() const { return pid_; }
  // Readable once the child has exited; its descendants may live on.
  int exit_fd() const { return exit_fd_.get(); }
  // Read ends, non-blocking. The caller may close them early.
  UniqueFd& output() { return output_; }
  UniqueFd& errors() { return errors_; }

  // TERM to the whole group, then CONT so that a stopped process sees it.
  void terminate();
  void kill();
  // Takes the exit status without waiting; empty while the child runs. The group can be signalled
  // only before this: afterwards its number may belong to others.
  std::optional<ExitStatus> reap();

 private:
  ChildProcess(pid_t pid, UniqueFd exit_fd, UniqueFd output, UniqueFd errors);
  void signal_group(int signal);

  pid_t pid_;
  UniqueFd exit_fd_;  // open until the child is reaped
  UniqueFd output_;
  UniqueFd errors_;
};

// Whoever started us may have left SIGCHLD ignored; then the kernel reaps our children itself and
// their exit codes are lost. Call once before the first child.
void stop_ignoring_children();

}  // namespace shoal
