#include "conformance/confinement.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/error.h"
#include "base/unique_fd.h"

namespace shoal::conformance {
namespace {

constexpr std::size_t most_output = 4096;

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

Pipe open_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("open a pipe");
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void no_core_dump() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

[[noreturn]] void run_child(const std::function<void()>& body, int output, int errors) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  no_core_dump();
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  closefrom(STDERR_FILENO + 1);
  body();
  _exit(0);
}

void take(int fd, std::string& text) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto size = read(fd, buffer.data(), buffer.size());
    if (size <= 0) return;
    const auto room = most_output - std::min(most_output, text.size());
    text.append(buffer.data(), std::min(room, static_cast<std::size_t>(size)));
  }
}

// Waits until the child has ended; false when patience ends first. Drains its outputs meanwhile, so
// that it never waits for us.
bool await(const UniqueFd& exit_fd, const Pipe& output, const Pipe& errors, Ending& ending,
           std::chrono::milliseconds patience) {
  constexpr int drain_interval_ms = 10;
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end) {
    pollfd exit{exit_fd.get(), POLLIN, 0};
    const int ready = poll(&exit, 1, drain_interval_ms);
    take(output.read_end.get(), ending.output);
    take(errors.read_end.get(), ending.errors);
    if (ready > 0) return true;
  }
  return false;
}

void reap(pid_t child, Ending& ending) {
  int status = 0;
  kill(-child, SIGKILL);
  kill(child, SIGKILL);
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) ending.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ending.signal = WTERMSIG(status);
}

}  // namespace

Ending run_confined(const std::function<void()>& body, std::chrono::milliseconds patience) {
  Pipe output = open_pipe();
  Pipe errors = open_pipe();
  const pid_t child = fork();
  if (child < 0) throw_errno("fork");
  if (child == 0) run_child(body, output.write_end.get(), errors.write_end.get());
  setpgid(child, child);
  output.write_end.reset();
  errors.write_end.reset();

  const UniqueFd exit_fd(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  Ending ending;
  ending.is_timeout = !await(exit_fd, output, errors, ending, patience);
  reap(child, ending);
  take(output.read_end.get(), ending.output);
  take(errors.read_end.get(), ending.errors);
  return ending;
}

}  // namespace shoal::conformance
