#include "base/child_process.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/error.h"

namespace shoal {
namespace {

constexpr std::chrono::milliseconds longest_farewell{1000};
constexpr int first_private_fd = 3;

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void connect(int output, int errors, const std::vector<UniqueFd>& descriptors) {
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
    int next = first_private_fd;
    for (const UniqueFd& fd : descriptors) {
      posix_spawn_file_actions_adddup2(&actions_, fd.get(), next++);
    }
    posix_spawn_file_actions_addclosefrom_np(&actions_, next);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class SpawnAttributes {
 public:
  SpawnAttributes() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// The argument or environment list that exec wants; borrows the strings.
class PointerList {
 public:
  void add(const std::string& text) { add(text.c_str()); }
  void add(const char* text) { pointers_.push_back(const_cast<char*>(text)); }
  char* const* get() {
    if (pointers_.empty() || pointers_.back() != nullptr) pointers_.push_back(nullptr);
    return pointers_.data();
  }

 private:
  std::vector<char*> pointers_;
};

class MergedEnvironment {
 public:
  MergedEnvironment(const std::vector<std::pair<std::string, std::string>>& added,
                    const std::vector<std::string>& unset) {
    own_.reserve(added.size());
    for (auto entry = added.rbegin(); entry != added.rend(); ++entry) {
      if (!is_set(entry->first)) own_.push_back(entry->first + '=' + entry->second);
    }
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
      const std::string_view name = name_of(*entry);
      const bool is_kept = std::find(unset.begin(), unset.end(), name) == unset.end();
      if (is_kept && !is_set(name)) list_.add(*entry);
    }
    for (const std::string& entry : own_) list_.add(entry);
  }
  char* const* get() { return list_.get(); }

 private:
  static std::string_view name_of(std::string_view entry) {
    return entry.substr(0, entry.find('='));
  }
  bool is_set(std::string_view name) const {
    return std::any_of(own_.begin(), own_.end(),
                       [name](const std::string& entry) { return name_of(entry) == name; });
  }

  std::vector<std::string> own_;
  PointerList list_;
};

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

// Descriptors 0 to 2 are the child's; if ours were closed, a pipe may have landed there.
bool move_out_of_the_way(UniqueFd& fd) {
  if (fd.get() < first_private_fd) fd.reset(fcntl(fd.get(), F_DUPFD_CLOEXEC, first_private_fd));
  return static_cast<bool>(fd);
}

std::optional<Pipe> open_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  Pipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
  if (!move_out_of_the_way(pipe.read_end) || !move_out_of_the_way(pipe.write_end)) {
    return std::nullopt;
  }
  // Only our end: the flag belongs to the open file, and programs expect to write blockingly.
  if (fcntl(pipe.read_end.get(), F_SETFL, O_NONBLOCK) != 0) return std::nullopt;
  return pipe;
}

bool is_executable_file(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0;
}

// The file that `word` names: itself if it has a slash, else the first along PATH.
std::optional<std::string> find_program(const std::string& word) {
  if (word.find('/') != std::string::npos) return word;
  if (word.empty()) return std::nullopt;
  const char* const variable = std::getenv("PATH");
  std::string_view rest = variable != nullptr ? variable : "/bin:/usr/bin";
  while (true) {
    const std::size_t colon = rest.find(':');
    const std::string_view folder = rest.substr(0, colon);
    std::string path = fmt::format("{}/{}", folder.empty() ? "." : folder, word);
    if (is_executable_file(path)) return path;
    if (colon == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(colon + 1);
  }
}

// Programs built for another machine fail like scripts without "#!"; sh would read them as text.
bool is_text(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 256> head{};
  const ssize_t size = fd ? read(fd.get(), head.data(), head.size()) : -1;
  return size >= 0 && std::memchr(head.data(), '\0', static_cast<std::size_t>(size)) == nullptr;
}

StartFailure not_found(const std::string& word) {
  return {127,
          fmt::format("exit code: 127, exec: \"{}\": executable file not found in $PATH", word)};
}

StartFailure failure(const std::string& path, int error) {
  const bool is_absent = error == ENOENT || error == ENOTDIR;
  const bool is_refused = error == EACCES || error == EPERM || error == ENOEXEC;
  const int exit_code = is_absent ? 127 : is_refused ? 126 : 125;
  std::string reason = errno_text(error);
  reason.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(reason.front())));
  return {exit_code, fmt::format("exit code: {}, fork/exec {}: {}", exit_code, path, reason)};
}

// Copies beyond the numbers that the child will have, so that none is overwritten before its turn.
std::optional<std::vector<UniqueFd>> out_of_the_way(const std::vector<int>& descriptors) {
  std::vector<UniqueFd> copies;
  const int beyond = first_private_fd + static_cast<int>(descriptors.size());
  for (const int fd : descriptors) {
    copies.emplace_back(fcntl(fd, F_DUPFD_CLOEXEC, beyond));
    if (!copies.back()) return std::nullopt;
  }
  return copies;
}

// Returns 0 or an errno value.
int spawn(const std::string& path, const Program& program, int output, int errors, pid_t& pid) {
  const auto descriptors = out_of_the_way(program.descriptors);
  if (!descriptors) return errno;
  FileActions actions;
  actions.connect(output, errors, *descriptors);
  const SpawnAttributes attributes;
  MergedEnvironment env(program.env, program.unset);
  PointerList words;
  for (const std::string& word : program.words) words.add(word);

  const int error =
      posix_spawn(&pid, path.c_str(), actions.get(), attributes.get(), words.get(), env.get());
  if (error != ENOEXEC || !is_text(path)) return error;

  PointerList script;
  script.add("sh");
  script.add(path);
  std::for_each(program.words.begin() + 1, program.words.end(),
                [&script](const std::string& word) { script.add(word); });
  return posix_spawn(&pid, "/bin/sh", actions.get(), attributes.get(), script.get(), env.get());
}

// If the kernel has reaped the child already (SIGCHLD is ignored), its number may belong to others.
void abandon(pid_t pid) {
  if (waitid(P_PID, static_cast<id_t>(pid), nullptr, WEXITED | WNOHANG | WNOWAIT) != 0) return;
  ::kill(-pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

// By number: <sys/pidfd.h> of glibc 2.36 cannot be linked from C++.
UniqueFd open_pidfd(pid_t pid) {
  return UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

}  // namespace

std::variant<ChildProcess, StartFailure> ChildProcess::start(const Program& program) {
  const std::string& word = program.words.front();
  const std::optional<std::string> path = find_program(word);
  if (!path) return not_found(word);

  std::optional<Pipe> output = open_pipe();
  std::optional<Pipe> errors = output ? open_pipe() : std::nullopt;
  if (!errors) return failure(*path, errno);

  pid_t pid = -1;
  const int error = spawn(*path, program, output->write_end.get(), errors->write_end.get(), pid);
  if (error != 0) return failure(*path, error);

  UniqueFd exit_fd = open_pidfd(pid);
  if (!exit_fd) {
    const int cause = errno;
    abandon(pid);
    return failure(*path, cause);
  }
  return ChildProcess(pid, std::move(exit_fd), std::move(output->read_end),
                      std::move(errors->read_end));
}

ChildProcess::ChildProcess(pid_t pid, UniqueFd exit_fd, UniqueFd output, UniqueFd errors)
    : pid_(pid),
      exit_fd_(std::move(exit_fd)),
      output_(std::move(output)),
      errors_(std::move(errors)) {}

ChildProcess::~ChildProcess() {
  if (!exit_fd_) return;
  kill();
  // A process in uninterruptible sleep outlives even KILL; we do not wait for it.
  pollfd exit{exit_fd_.get(), POLLIN, 0};
  poll(&exit, 1, static_cast<int>(longest_farewell.count()));
  reap();
}

void ChildProcess::terminate() {
  signal_group(SIGTERM);
  signal_group(SIGCONT);
}

void ChildProcess::kill() {
  signal_group(SIGKILL);
}

void ChildProcess::signal_group(int signal) {
  if (exit_fd_) ::kill(-pid_, signal);
}

std::optional<ExitStatus> ChildProcess::reap() {
  if (!exit_fd_) return std::nullopt;
  siginfo_t info{};
  const auto child = static_cast<id_t>(exit_fd_.get());
  if (waitid(P_PIDFD, child, &info, WEXITED | WNOHANG) != 0) {
    if (errno == EINTR) return std::nullopt;
    exit_fd_.reset();
    return ExitStatus{.by_signal = false, .code = -1};
  }
  if (info.si_pid == 0) return std::nullopt;
  exit_fd_.reset();
  return ExitStatus{.by_signal = info.si_code != CLD_EXITED, .code = info.si_status};
}

void stop_ignoring_children() {
  struct sigaction action {};
  if (sigaction(SIGCHLD, nullptr, &action) != 0) return;
  if (action.sa_handler != SIG_IGN && (action.sa_flags & SA_NOCLDWAIT) == 0) return;
  action = {};
  action.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &action, nullptr);
}

}  // namespace shoal
