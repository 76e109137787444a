#include "plugin/crash_marker.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::plugin;

namespace {

const std::string content_a(64, 'a');
const std::string content_b(64, 'b');

CrashMarker::Plugin foreign(const std::string& content = content_a) {
  return {.file = "/plugins/metric/x.so", .content = content, .job = "metric:x"};
}
CrashMarker::Plugin bundled(const std::string& content = content_b) {
  return {
      .file = "/plugins/metric/cpu.so", .content = content, .job = "host:cpu", .is_bundled = true};
}

struct House {
  test::TemporaryDirectory directory;
  std::string file = directory.file("marker");

  // A process that has this marker, up to its end; its wait status.
  int live(const std::function<void(CrashMarker&)>& life) const {
    const pid_t pid = fork();
    if (pid == 0) {
      const rlimit no_core{};
      setrlimit(RLIMIT_CORE, &no_core);
      auto& marker = *new CrashMarker(file);  // NOLINT: outlives all that ends this process
      marker.watch_process();
      life(marker);
      _exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return status;
  }
  std::vector<Suspect> left() const { return CrashMarker(file).left(); }
};

// Ends the process in the midst of a round of `plugin`.
void die_in_round(CrashMarker& marker, const CrashMarker::Plugin& plugin,
                  const std::function<void()>& end) {
  const auto entry = CrashMarker::enter(&marker, plugin);
  const auto visit = entry.visit(Act::round);
  end();
}

void overflow_stack() {
  rlimit small{.rlim_cur = 256 * 1024, .rlim_max = 256 * 1024};
  setrlimit(RLIMIT_STACK, &small);
  std::function<int(int)> deeper = [&](int depth) {
    volatile char room[4096] = {};
    room[0] = static_cast<char>(depth);
    return deeper(depth + 1) + room[0];
  };
  deeper(0);
}

}  // namespace

TEST_SUITE("CrashMarker") {
  TEST_CASE("names the plugin in whose call a fatal signal came, and no other") {
    const House house;

    const int status = house.live([](CrashMarker& marker) {
      const auto other = CrashMarker::enter(&marker, bundled());
      const auto idle = CrashMarker::enter(&marker, foreign(std::string(64, 'c')));
      die_in_round(marker, foreign(), [] { raise(SIGSEGV); });
    });

    CHECK(WIFSIGNALED(status));
    const auto left = house.left();
    REQUIRE(left.size() == 1);
    CHECK(left.at(0).content == content_a);
    CHECK(left.at(0).time > WallTime{});
    CHECK(to_text(left.at(0)) ==
          "/plugins/metric/x.so took the agent down in a round of metric:x: signal 11 "
          "(Segmentation fault)");
    CHECK(house.left().empty());
  }

  TEST_CASE("names it when no stack is left") {
    const House house;

    house.live([](CrashMarker& marker) { die_in_round(marker, foreign(), overflow_stack); });

    REQUIRE(house.left().size() == 1);
  }

  TEST_CASE("does not let a plugin end the process as if all were well") {
    const House house;

    const int status = house.live(
        [](CrashMarker& marker) { die_in_round(marker, foreign(), [] { std::exit(0); }); });

    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 1);
    const auto left = house.left();
    REQUIRE(left.size() == 1);
    CHECK(left.at(0).cause == "exit with code 0");
  }

  TEST_CASE("suspects nobody of what came from outside, between calls or after the end") {
    const House house;

    SUBCASE("killed in the midst of a call") {
      house.live([](CrashMarker& marker) {
        die_in_round(marker, foreign(), [] { kill(getpid(), SIGKILL); });
      });
    }
    SUBCASE("ended well, and then did not") {
      house.live([](CrashMarker& marker) {
        marker.ended_well();
        die_in_round(marker, foreign(), [] { raise(SIGSEGV); });
      });
    }
    SUBCASE("with no plugin") {
      house.live([](CrashMarker&) { abort(); });
    }
    SUBCASE("refused to start, its plugins gone again") {
      house.live([](CrashMarker& marker) {
        { const auto gone = CrashMarker::enter(&marker, foreign()); }
        std::exit(1);
      });
    }
    CHECK(house.left().empty());
  }

  TEST_CASE("outside all calls suspects who is not the build's own") {
    const House house;

    house.live([](CrashMarker& marker) {
      const auto idle = CrashMarker::enter(&marker, foreign());
      const auto own = CrashMarker::enter(&marker, bundled());
      const auto visit = own.visit(Act::round);
      marker.failed();
    });

    const auto left = house.left();
    REQUIRE(left.size() == 1);
    CHECK(to_text(left.at(0)) ==
          "/plugins/metric/x.so (of metric:x) is suspected of having taken the agent down: the "
          "agent could not go on");
  }

  TEST_CASE("where nobody else is, suspects the build's own too, while they run") {
    const House house;

    house.live([](CrashMarker& marker) {
      const auto idle = CrashMarker::enter(&marker, bundled(content_a));
      die_in_round(marker, bundled(), [] { raise(SIGFPE); });
    });

    const auto left = house.left();
    REQUIRE(left.size() == 1);
    CHECK(left.at(0).content == content_b);
    CHECK(left.at(0).cause == "signal 8 (Floating point exception)");
  }

  TEST_CASE("leaves out what a forked child does") {
    const House house;

    house.live([](CrashMarker& marker) {
      die_in_round(marker, foreign(), [] {
        const pid_t pid = fork();
        if (pid == 0) abort();
        waitpid(pid, nullptr, 0);
        kill(getpid(), SIGKILL);
      });
    });

    CHECK(house.left().empty());
  }

  TEST_CASE("ignores a damaged file") {
    const House house;
    house.live(
        [](CrashMarker& marker) { die_in_round(marker, foreign(), [] { raise(SIGSEGV); }); });

    SUBCASE("cut short") {
      std::filesystem::resize_file(house.file, 4096);
    }
    SUBCASE("overwritten") {
      constexpr std::streamoff first_row = 512;
      std::fstream file(house.file, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(first_row).write("\xFF\xFF\xFF\xFF", 4);
    }
    CHECK(house.left().empty());
  }
}

TEST_SUITE("judge_end") {
  TEST_CASE("adds what a process could not note of its own end") {
    const House house;

    SUBCASE("_exit in a plugin") {
      const int status = house.live(
          [](CrashMarker& marker) { die_in_round(marker, foreign(), [] { _exit(3); }); });
      CHECK(house.left().empty());
      house.live([](CrashMarker& marker) { die_in_round(marker, foreign(), [] { _exit(3); }); });

      const auto suspects = judge_end(house.file, false, WEXITSTATUS(status));

      REQUIRE(suspects.size() == 1);
      CHECK(suspects.at(0).cause == "exit with code 3");
    }
    SUBCASE("its handlers were taken") {
      house.live([](CrashMarker& marker) {
        die_in_round(marker, foreign(), [] {
          signal(SIGSEGV, SIG_DFL);
          raise(SIGSEGV);
        });
      });

      CHECK(judge_end(house.file, true, SIGSEGV).size() == 1);
    }
    CHECK(house.left().size() == 1);
  }

  TEST_CASE("suspects nobody when the process was killed or no plugin ran") {
    const House house;
    house.live([](CrashMarker& marker) { die_in_round(marker, foreign(), [] { _exit(0); }); });
    CHECK(judge_end(house.file, true, SIGKILL).empty());
    CHECK(house.left().empty());

    house.live([](CrashMarker& marker) {
      const auto idle = CrashMarker::enter(&marker, foreign());
      _exit(1);
    });
    CHECK(judge_end(house.file, false, 1).empty());
    CHECK(judge_end(house.directory.file("none"), false, 1).empty());
  }
}
