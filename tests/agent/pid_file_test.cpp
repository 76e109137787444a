#include "agent/pid_file.h"

#include <csignal>
#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "base/error.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using namespace shoal;
using agent::PidFile;

namespace {

const std::string own_pid = std::to_string(::getpid());

// Another process of this program, until the test ends.
class Twin {
 public:
  Twin() : pid_(::fork()) {
    if (pid_ != 0) return;
    for (;;) ::pause();
  }
  ~Twin() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

}  // namespace

TEST_SUITE("PidFile") {
  TEST_CASE("holds the pid without a newline, in a directory it makes, as long as it lives") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("run/shoal.pid");

    {
      const PidFile file(path);
      CHECK(test::read_whole(path) == own_pid);
    }

    CHECK_FALSE(std::filesystem::exists(path));
  }

  TEST_CASE("replaces what a process left that is gone or something else, and what is no pid") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("shoal.pid");

    for (const std::string& left : {std::string("999999999"), std::string("1"), std::string("?")}) {
      directory.write("shoal.pid", left);
      const PidFile file(path);
      CHECK(test::read_whole(path) == own_pid);
    }
  }

  TEST_CASE("refuses to take the place of a process that runs") {
    const test::TemporaryDirectory directory;
    const Twin twin;
    const auto pid = std::to_string(twin.pid());
    directory.write("shoal.pid", pid);
    const auto path = directory.file("shoal.pid");

    CHECK_THROWS_WITH_AS(PidFile{path},
                         ("pid file " + path + ": process " + pid +
                          " already runs; stop it, or give this one another --pidfile")
                             .c_str(),
                         Error);
    CHECK(test::read_whole(path) == pid);
  }

  TEST_CASE("leaves a file alone that has become another's") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("shoal.pid");

    {
      const PidFile file(path);
      directory.write("shoal.pid", "1");
    }

    CHECK(test::read_whole(path) == "1");
  }

  TEST_CASE("says that it cannot be written") {
    const test::TemporaryDirectory directory;
    directory.write("file", "");
    const auto path = directory.file("file/shoal.pid");

    CHECK_THROWS_WITH_AS(PidFile{path}, ("pid file " + path + ": cannot be written").c_str(),
                         Error);
  }

  TEST_CASE("does nothing without a path") {
    CHECK_NOTHROW(PidFile{""});
  }
}
