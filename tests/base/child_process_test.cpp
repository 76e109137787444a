#include "base/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "support/temporary_directory.h"

using namespace shoal;

namespace {

Program shell(std::string script) {
  return {.words = {"sh", "-c", std::move(script)}};
}

ChildProcess started(const Program& program) {
  auto result = ChildProcess::start(program);
  if (const auto* failure = std::get_if<StartFailure>(&result)) FAIL(failure->text);
  return std::get<ChildProcess>(std::move(result));
}

StartFailure failure_of(const Program& program) {
  auto result = ChildProcess::start(program);
  REQUIRE(std::holds_alternative<StartFailure>(result));
  return std::get<StartFailure>(result);
}

void wait_for(int fd) {
  pollfd ready{fd, POLLIN, 0};
  REQUIRE(poll(&ready, 1, 10'000) == 1);
}

std::string read_all(const UniqueFd& fd) {
  std::string text;
  std::array<char, 4096> chunk{};
  while (true) {
    wait_for(fd.get());
    const ssize_t size = read(fd.get(), chunk.data(), chunk.size());
    REQUIRE(size >= 0);
    if (size == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(size));
  }
}

ExitStatus exit_of(ChildProcess& child) {
  wait_for(child.exit_fd());
  const auto status = child.reap();
  REQUIRE(status.has_value());
  return *status;
}

std::string output_of(const Program& program) {
  ChildProcess child = started(program);
  return read_all(child.output());
}

// A file of one test.
class TemporaryFile {
 public:
  TemporaryFile(std::string_view content, mode_t mode) {
    folder_.write("program", content);
    REQUIRE(chmod(path().c_str(), mode) == 0);
  }
  std::string path() const { return folder_.file("program"); }
  std::string folder() const { return folder_.path().string(); }

 private:
  test::TemporaryDirectory folder_;
};

std::size_t open_fd_count() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_SUITE("ChildProcess") {
  TEST_CASE("gives both outputs and the exit code") {
    ChildProcess child = started(shell("echo out; echo err >&2; exit 5"));

    CHECK(read_all(child.output()) == "out\n");
    CHECK(read_all(child.errors()) == "err\n");
    const ExitStatus status = exit_of(child);
    CHECK_FALSE(status.by_signal);
    CHECK(status.code == 5);
  }

  TEST_CASE("tells death by signal from an exit code") {
    ChildProcess child = started(shell("kill -9 $$"));

    const ExitStatus status = exit_of(child);

    CHECK(status.by_signal);
    CHECK(status.code == SIGKILL);
  }

  TEST_CASE("says in mackerel-agent's words why a program does not start") {
    const TemporaryFile plain("echo never\n", 0644);
    const TemporaryFile foreign(std::string("\x7f"
                                            "ELF\0\0\0\0",
                                            8),
                                0755);
    const TemporaryFile lost_interpreter("#!/nonexistent/perl\n", 0755);
    struct Row {
      std::string word;
      int exit_code;
      std::string text;
    };
    const Row rows[] = {
        {"no-such", 127, "exec: \"no-such\": executable file not found in $PATH"},
        {"", 127, "exec: \"\": executable file not found in $PATH"},
        {"/nonexistent/x", 127, "fork/exec /nonexistent/x: no such file or directory"},
        {lost_interpreter.path(), 127,
         fmt::format("fork/exec {}: no such file or directory", lost_interpreter.path())},
        {plain.path(), 126, fmt::format("fork/exec {}: permission denied", plain.path())},
        {"/tmp", 126, "fork/exec /tmp: permission denied"},
        {foreign.path(), 126, fmt::format("fork/exec {}: exec format error", foreign.path())},
    };

    for (const Row& row : rows) {
      CAPTURE(row.word);
      const StartFailure failure = failure_of({.words = {row.word}});
      CHECK(failure.exit_code == row.exit_code);
      CHECK(failure.text == fmt::format("exit code: {}, {}", row.exit_code, row.text));
    }
  }

  TEST_CASE("says 125 when it is the system that refuses") {
    const StartFailure failure = failure_of({.words = {"/bin/true", std::string(200'000, 'x')}});

    CHECK(failure.text == "exit code: 125, fork/exec /bin/true: argument list too long");
  }

  TEST_CASE("hands a script without #! to sh, with its words") {
    const TemporaryFile script("echo \"$0 $1\"\n", 0755);

    CHECK(output_of({.words = {script.path(), "one two"}}) == script.path() + " one two\n");
  }

  TEST_CASE("searches our PATH, not the one given to the child") {
    const TemporaryFile script("#!/bin/sh\necho found\n", 0755);
    const Program program{.words = {"program"}, .env = {{"PATH", script.folder()}}};

    CHECK(failure_of(program).exit_code == 127);
  }

  TEST_CASE("sets variables over our own, the last of one name") {
    setenv("SHOAL_TEST_OURS", "ours", 1);
    Program program = shell("echo \"$SHOAL_TEST_OURS $A ${B+set} ${PATH:+path}\"");
    program.env = {{"A", "1"}, {"SHOAL_TEST_OURS", "theirs"}, {"B", ""}, {"A", "2"}};

    CHECK(output_of(program) == "theirs 2 set path\n");
  }

  TEST_CASE("has an empty standard input and no descriptor of ours") {
    const UniqueFd leak(open("/dev/null", O_RDONLY));
    REQUIRE(leak.get() > 2);

    const std::string script = fmt::format("cat; test -e /proc/$$/fd/{}; echo $?", leak.get());

    CHECK(output_of(shell(script)) == "1\n");
  }

  TEST_CASE("starts with no signal blocked or ignored") {
    sigset_t blocked;
    sigset_t before;
    sigfillset(&blocked);
    sigprocmask(SIG_SETMASK, &blocked, &before);
    const auto ignored = std::signal(SIGPIPE, SIG_IGN);

    // Signals 1 to 28: those behind the named ones belong to the C library.
    const std::string signals = output_of(
        {.words = {"sed", "-nE", "s/^Sig(Blk|Ign):.*(.{7})$/\\1 \\2/p", "/proc/self/status"}});

    std::signal(SIGPIPE, ignored);
    sigprocmask(SIG_SETMASK, &before, nullptr);
    CHECK(signals == "Blk 0000000\nIgn 0000000\n");
  }

  TEST_CASE("leads a process group of its own, and all of it is terminated") {
    ChildProcess child = started(shell("sleep 1000 & echo $!; wait"));
    wait_for(child.output().get());
    std::array<char, 32> line{};
    REQUIRE(read(child.output().get(), line.data(), line.size() - 1) > 0);
    CHECK(getpgid(std::atoi(line.data())) == child.pid());

    child.terminate();

    CHECK(exit_of(child).code == SIGTERM);
    // The end of file: nobody is left who holds the pipe.
    CHECK(read_all(child.output()) == "");
  }

  TEST_CASE("is terminated even while it is stopped") {
    ChildProcess child = started(shell("kill -STOP $$"));
    siginfo_t info{};
    REQUIRE(waitid(P_PID, static_cast<id_t>(child.pid()), &info, WSTOPPED | WNOWAIT) == 0);

    child.terminate();

    CHECK(exit_of(child).code == SIGTERM);
  }

  TEST_CASE("is reaped once, and not before it has exited") {
    ChildProcess child = started(shell("read line"));  // at once: its input is empty
    wait_for(child.exit_fd());
    CHECK(child.reap().has_value());

    CHECK_FALSE(child.reap().has_value());

    ChildProcess sleeper = started({.words = {"sleep", "1000"}});
    CHECK_FALSE(sleeper.reap().has_value());
  }

  TEST_CASE("leaves neither a process nor a descriptor behind") {
    const std::size_t before = open_fd_count();
    pid_t pid = -1;

    {
      const ChildProcess child = started({.words = {"sleep", "1000"}});
      pid = child.pid();
    }
    failure_of({.words = {"/nonexistent/x"}});

    CHECK(open_fd_count() == before);
    CHECK(kill(pid, 0) == -1);
    CHECK(errno == ESRCH);
  }

  TEST_CASE("keeps its exit code although SIGCHLD was inherited as ignored") {
    std::signal(SIGCHLD, SIG_IGN);
    stop_ignoring_children();

    ChildProcess child = started(shell("exit 3"));

    CHECK(exit_of(child).code == 3);
  }

  TEST_CASE("admits that the exit code is lost when the kernel has reaped it") {
    std::signal(SIGCHLD, SIG_IGN);
    ChildProcess child = started({.words = {"sleep", "1000"}});
    child.kill();

    const ExitStatus status = exit_of(child);
    std::signal(SIGCHLD, SIG_DFL);

    CHECK_FALSE(status.by_signal);
    CHECK(status.code == -1);
  }
}
