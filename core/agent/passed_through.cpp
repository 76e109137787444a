#include "agent/passed_through.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/error.h"
#include "base/unique_fd.h"

namespace shoal::agent {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t most_remembered = std::size_t{16} << 10;
constexpr std::chrono::seconds kill_patience{10};
constexpr std::array handed_on{SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2};

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("make a pipe");
    from.reset(ends[0]);
    into.reset(ends[1]);
    ::fcntl(from.get(), F_SETFL, O_NONBLOCK);
  }
  UniqueFd from;
  UniqueFd into;
};

sigset_t handed_on_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : handed_on) sigaddset(&set, signal);
  return set;
}

// False: nobody reads it any more.
bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd full{fd, POLLOUT, 0};
      ::poll(&full, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

// Somebody can be asked for a password, and types Ctrl-C.
bool has_terminal() {
  return static_cast<bool>(UniqueFd(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)));
}

class Run {
 public:
  Run(const std::vector<std::string>& words, std::optional<std::chrono::milliseconds> timeout,
      int log_fd)
      : words_(words), timeout_(timeout), log_fd_(log_fd) {
    const sigset_t set = handed_on_signals();
    ::sigprocmask(SIG_BLOCK, &set, &old_mask_);
    signals_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_) throw_errno("make a signalfd");
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() { ::sigprocmask(SIG_SETMASK, &old_mask_, nullptr); }

  PassedThrough run() {
    if (const int fault = spawn(); fault != 0) return not_started(fault);
    outputs_[0].into.reset();
    outputs_[1].into.reset();
    if (timeout_) deadline_ = SteadyClock::now() + *timeout_;
    while (!has_ended()) wait();
    // What is in the pipes now; what stays in the background may go on writing.
    drain_what_is_there(outputs_[0].from, STDOUT_FILENO);
    drain_what_is_there(outputs_[1].from, STDERR_FILENO);
    return outcome();
  }

 private:
  // Where nobody types, the command leads a group of its own, so that its end is that of all it
  // started; at a terminal it must stay in ours to be typed to.
  int spawn() {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, outputs_[0].into.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, outputs_[1].into.get(), STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // A library of ours blocks SIGPIPE, and we ignore it; neither is the command's wish.
    sigset_t mask = old_mask_;
    sigdelset(&mask, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &mask);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    has_group_ = !has_terminal();
    posix_spawnattr_setflags(&attributes,
                             static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                (has_group_ ? POSIX_SPAWN_SETPGROUP : 0)));
    std::vector<char*> arguments;
    for (const std::string& word : words_) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const int fault =
        ::posix_spawnp(&pid_, arguments.front(), &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (fault == 0) exit_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    if (fault == 0 && !exit_) throw_errno("watch the command");
    return fault;
  }

  PassedThrough not_started(int fault) const {
    return {.exit_code = fault == ENOENT ? 127 : 126,
            .error = fmt::format("{}: {}", words_.front(), errno_text(fault))};
  }

  void wait() {
    std::array<pollfd, 4> ready{{{outputs_[0].from.get(), POLLIN, 0},
                                 {outputs_[1].from.get(), POLLIN, 0},
                                 {signals_.get(), POLLIN, 0},
                                 {exit_.get(), POLLIN, 0}}};
    ::poll(ready.data(), ready.size(), milliseconds_to_deadline());
    drain(outputs_[0].from, STDOUT_FILENO);
    drain(outputs_[1].from, STDERR_FILENO);
    hand_on_signals();
    if (deadline_ && SteadyClock::now() >= *deadline_) end();
  }

  int milliseconds_to_deadline() const {
    if (!deadline_) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - SteadyClock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
  }

  void end() {
    signal(has_timed_out_ ? SIGKILL : SIGTERM);
    has_timed_out_ = true;
    deadline_ = SteadyClock::now() + kill_patience;
  }

  // A command that was stopped sees it too.
  void signal(int number) const {
    ::kill(has_group_ ? -pid_ : pid_, number);
    ::kill(has_group_ ? -pid_ : pid_, SIGCONT);
  }

  void hand_on_signals() {
    signalfd_siginfo info{};
    while (::read(signals_.get(), &info, sizeof(info)) == sizeof(info)) {
      // What was typed at the terminal has reached the command already.
      const bool is_typed = !has_group_ && info.ssi_code == SI_KERNEL;
      if (!is_typed) signal(static_cast<int>(info.ssi_signo));
    }
  }

  // One piece, so that signals and the deadline have their turn however much comes. Returns its
  // size.
  std::size_t drain(UniqueFd& from, int to) {
    std::array<char, 16384> chunk{};
    const auto got = from ? ::read(from.get(), chunk.data(), chunk.size()) : 0;
    if (got == 0) from.reset();
    if (got <= 0) return 0;
    const std::string_view text(chunk.data(), static_cast<std::size_t>(got));
    remember(text);
    if (log_fd_ >= 0) write_all(log_fd_, text);
    // Without a reader the command meets what it would meet without us: a pipe that is closed.
    if (!write_all(to, text)) from.reset();
    return text.size();
  }

  void drain_what_is_there(UniqueFd& from, int to) {
    int left = 0;
    if (from) ::ioctl(from.get(), FIONREAD, &left);
    while (left > 0) {
      const std::size_t taken = drain(from, to);
      if (taken == 0) return;
      left -= static_cast<int>(taken);
    }
  }

  void remember(std::string_view text) {
    output_ += text;
    if (output_.size() <= 2 * most_remembered) return;
    left_out_bytes_ += output_.size() - most_remembered;
    output_.erase(0, output_.size() - most_remembered);
  }

  bool has_ended() {
    siginfo_t info{};
    const auto id = static_cast<id_t>(pid_);
    if (::waitid(P_PID, id, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) {
      return false;
    }
    ::waitpid(pid_, &status_, 0);
    return true;
  }

  PassedThrough outcome() {
    PassedThrough result{
        .has_started = true, .output = std::move(output_), .left_out_bytes = left_out_bytes_};
    if (WIFSIGNALED(status_)) {
      result.exit_code = 128 + WTERMSIG(status_);
      result.error = fmt::format("signal: {}", ::strsignal(WTERMSIG(status_)));
    } else if (WEXITSTATUS(status_) != 0) {
      result.exit_code = WEXITSTATUS(status_);
      result.error = fmt::format("exit status {}", result.exit_code);
    }
    if (has_timed_out_) {
      result.error =
          fmt::format("timed out after {:g}s, {}", std::chrono::duration<double>(*timeout_).count(),
                      result.error.empty() ? "exit status 0" : result.error);
      if (result.exit_code == 0) result.exit_code = 124;
    }
    return result;
  }

  const std::vector<std::string>& words_;
  const std::optional<std::chrono::milliseconds> timeout_;
  const int log_fd_;
  std::array<Pipe, 2> outputs_;
  sigset_t old_mask_{};
  UniqueFd signals_;
  UniqueFd exit_;
  pid_t pid_ = 0;
  bool has_group_ = false;
  std::optional<SteadyClock::time_point> deadline_;
  bool has_timed_out_ = false;
  std::string output_;
  std::size_t left_out_bytes_ = 0;
  int status_ = 0;
};

}  // namespace

PassedThrough run_passed_through(const std::vector<std::string>& words,
                                 std::optional<std::chrono::milliseconds> timeout, int log_fd) {
  return Run(words, timeout, log_fd).run();
}

}  // namespace shoal::agent
