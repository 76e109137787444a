#include "base/event_loop.h"

#include <array>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>
#include <sys/eventfd.h>

#include "base/unique_fd.h"

using namespace std::chrono_literals;
using shoal::EventLoop;
using shoal::UniqueFd;
using shoal::WallTime;

namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    reader.reset(ends[0]);
    writer.reset(ends[1]);
  }
  void write_byte() const { REQUIRE(write(writer.get(), "x", 1) == 1); }
  std::string read_some() const {
    std::array<char, 16> buffer{};
    const auto size = read(reader.get(), buffer.data(), buffer.size());
    return {buffer.data(), static_cast<std::size_t>(size)};
  }

  UniqueFd reader;
  UniqueFd writer;
};

UniqueFd ready_fd() {
  return UniqueFd(eventfd(1, EFD_CLOEXEC));
}

}  // namespace

TEST_SUITE("EventLoop") {
  TEST_CASE("calls the handler of a descriptor that has become readable") {
    EventLoop loop;
    Pipe pipe;
    std::string seen;
    loop.watch(pipe.reader.get(), [&] { seen += pipe.read_some(); });

    const bool before = loop.run_ready();
    pipe.write_byte();
    const bool after = loop.run_ready();

    CHECK_FALSE(before);
    CHECK(after);
    CHECK(seen == "x");
    CHECK_FALSE(loop.run_ready());
  }

  TEST_CASE("calls the handler of a descriptor whose other end has gone") {
    EventLoop loop;
    Pipe pipe;
    int calls = 0;
    loop.watch(pipe.reader.get(), [&] { ++calls; });

    pipe.writer.reset();
    loop.run_ready();

    CHECK(calls == 1);
  }

  TEST_CASE("does not call a handler any more that another one of the same batch unwatched") {
    EventLoop loop;
    const UniqueFd one = ready_fd();
    const UniqueFd two = ready_fd();
    int calls = 0;
    const auto unwatch_both = [&] {
      ++calls;
      loop.unwatch(one.get());
      loop.unwatch(two.get());
    };
    loop.watch(one.get(), unwatch_both);
    loop.watch(two.get(), unwatch_both);

    loop.run_ready();

    CHECK(calls == 1);
    CHECK_FALSE(loop.run_ready());
  }

  TEST_CASE("does not take an old event for one of a new descriptor of the same number") {
    EventLoop loop;
    std::array<UniqueFd, 2> ready{ready_fd(), ready_fd()};
    int replaced_calls = 0;
    const auto replace = [&](std::size_t other) {
      const int number = ready[other].get();
      loop.unwatch(number);
      ready[other].reset();
      ready[other].reset(eventfd(0, EFD_CLOEXEC));
      REQUIRE(ready[other].get() == number);
      loop.watch(number, [&] { ++replaced_calls; });
    };
    int calls = 0;
    for (const std::size_t own : {0U, 1U}) {
      loop.watch(ready[own].get(), [&, own] {
        ++calls;
        loop.unwatch(ready[own].get());
        replace(1 - own);
      });
    }

    loop.run_ready();

    CHECK(calls == 1);
    CHECK(replaced_calls == 0);
  }

  TEST_CASE("lets a handler finish that unwatched itself") {
    EventLoop loop;
    const UniqueFd fd = ready_fd();
    std::string after = "not reached";
    loop.watch(fd.get(), [&, text = std::string("a capture too long for a small buffer")] {
      loop.unwatch(fd.get());
      after = text;
    });

    loop.run_ready();

    CHECK(after == "a capture too long for a small buffer");
  }

  TEST_CASE("sounds an alarm that has passed at once and only once") {
    EventLoop loop;
    int alarms = 0;
    loop.on_alarm([&] { ++alarms; });

    for (const auto when : {WallTime::min(), WallTime{}, WallTime{1ns}, WallTime{1h}}) {
      loop.set_alarm(when);
      loop.run_ready();
    }

    CHECK(alarms == 4);
    CHECK_FALSE(loop.run_ready());
  }

  TEST_CASE("sounds no alarm that was replaced by none") {
    EventLoop loop;
    int alarms = 0;
    loop.on_alarm([&] { ++alarms; });
    loop.set_alarm(WallTime{1s});

    loop.set_alarm(WallTime::max());

    CHECK_FALSE(loop.run_ready());
    CHECK(alarms == 0);
  }

  TEST_CASE("waits for an alarm in the near future") {
    EventLoop loop;
    const shoal::SystemClock clock;
    const auto when = clock.wall() + 2ms;
    WallTime sounded;
    loop.on_alarm([&] {
      sounded = clock.wall();
      loop.stop();
    });

    loop.set_alarm(when);
    loop.run();

    CHECK(sounded >= when);
  }

  TEST_CASE("calls what was posted, in order, and what that posts in the next turn") {
    EventLoop loop;
    std::vector<int> calls;
    loop.post([&] {
      calls.push_back(1);
      loop.post([&] { calls.push_back(3); });
    });
    loop.post([&] { calls.push_back(2); });

    loop.run_ready();
    CHECK(calls == std::vector{1, 2});
    loop.run_ready();
    CHECK(calls == std::vector{1, 2, 3});
  }

  TEST_CASE("calls what was posted before stop") {
    EventLoop loop;
    int calls = 0;
    loop.post([&] { ++calls; });
    loop.stop();

    loop.run();

    CHECK(calls == 1);
  }

  TEST_CASE("can run again after a stop") {
    EventLoop loop;
    loop.stop();
    loop.run();
    int calls = 0;
    loop.post([&] { ++calls; });
    loop.stop();

    loop.run();

    CHECK(calls == 1);
  }

  TEST_CASE("calls all that other threads post on the thread that runs it") {
    EventLoop loop;
    const auto loop_thread = std::this_thread::get_id();
    int calls = 0;
    bool is_elsewhere = false;
    const auto count = [&] {
      ++calls;
      is_elsewhere |= std::this_thread::get_id() != loop_thread;
      if (calls == 4'000) loop.stop();
    };
    const auto post_many = [&] {
      for (int i = 0; i < 1'000; ++i) loop.post(count);
    };

    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(post_many);
    loop.run();

    CHECK(calls == 4'000);
    CHECK_FALSE(is_elsewhere);
  }
}
