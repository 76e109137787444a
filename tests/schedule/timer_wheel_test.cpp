#include "schedule/timer_wheel.h"

#include <memory>
#include <vector>

#include <doctest/doctest.h>

using shoal::schedule::TimerWheel;

namespace {

struct Named : TimerWheel::Timer {
  int name = 0;
};

// Timers 0 to 9, disarmed at the end.
struct Fixture {
  explicit Fixture(TimerWheel::Tick now = 0) : wheel(now) {
    for (int name = 0; name < 10; ++name) timers[static_cast<std::size_t>(name)].name = name;
  }
  ~Fixture() {
    for (auto& timer : timers) wheel.disarm(timer);
  }
  void arm(std::size_t name, TimerWheel::Tick due) { wheel.arm(timers[name], due); }
  void disarm(std::size_t name) { wheel.disarm(timers[name]); }
  std::vector<int> advance(TimerWheel::Tick now) {
    std::vector<int> names;
    while (auto* timer = wheel.pop_due(now)) names.push_back(static_cast<Named*>(timer)->name);
    return names;
  }

  TimerWheel wheel;
  std::array<Named, 10> timers;
};

using Names = std::vector<int>;

}  // namespace

TEST_SUITE("TimerWheel") {
  TEST_CASE("has no next expiry when nothing is armed") {
    const TimerWheel wheel;

    CHECK(wheel.next_due() == std::nullopt);
  }

  TEST_CASE("gives a timer back at its deadline and not a tick earlier") {
    for (const TimerWheel::Tick due : {1ULL, 63ULL, 64ULL, 4095ULL, 4096ULL, 1ULL << 63, ~0ULL}) {
      CAPTURE(due);
      Fixture given;
      given.arm(1, due);

      CHECK(given.wheel.next_due() == due);
      CHECK(given.advance(due - 1) == Names{});
      CHECK(given.wheel.next_due() == due);
      CHECK(given.advance(due) == Names{1});
      CHECK(given.wheel.next_due() == std::nullopt);
    }
  }

  TEST_CASE("gives all that is due in the order of the deadlines, however far it jumps") {
    Fixture given(100);
    given.arm(1, 1ULL << 40);
    given.arm(2, 101);
    given.arm(3, 5'000'000);
    given.arm(4, 164);
    given.arm(5, (1ULL << 40) - 1);

    CHECK(given.advance(1ULL << 41) == Names{2, 4, 3, 5, 1});
  }

  TEST_CASE("keeps the order of arming among equal deadlines, from whatever distance") {
    Fixture given;
    given.arm(1, 70'000);
    given.advance(60'000);
    given.arm(2, 70'000);
    given.advance(69'999);
    given.arm(3, 70'000);

    CHECK(given.advance(70'000) == Names{1, 2, 3});
  }

  TEST_CASE("takes a deadline that has passed as now") {
    Fixture given(1'000);

    given.arm(1, 3);

    CHECK(given.timers[1].due() == 1'000);
    CHECK(given.wheel.next_due() == 1'000);
    CHECK(given.advance(1'000) == Names{1});
  }

  TEST_CASE("replaces the deadline of a timer that is armed again") {
    Fixture given;
    given.arm(1, 10);

    given.arm(1, 100'000);

    CHECK(given.wheel.next_due() == 100'000);
    CHECK(given.advance(99'999) == Names{});
    CHECK(given.advance(100'000) == Names{1});
  }

  TEST_CASE("forgets a disarmed timer, and disarming twice does no harm") {
    Fixture given;
    given.arm(1, 10);

    given.disarm(1);
    given.disarm(1);

    CHECK_FALSE(given.timers[1].is_armed());
    CHECK(given.wheel.next_due() == std::nullopt);
    CHECK(given.advance(20) == Names{});
  }

  TEST_CASE("finds the next expiry again when the earliest timer of a coarse slot is disarmed") {
    Fixture given;
    given.arm(1, 100'000);
    given.arm(2, 100'007);
    given.arm(3, 100'003);

    given.disarm(1);

    CHECK(given.wheel.next_due() == 100'003);
  }

  TEST_CASE("sees an earlier deadline that is filed in a coarser slot than a later one") {
    // At tick 62, 63 is a level below 64 although both are near; and 4096 + 1, filed from afar,
    // must come before 4096 + 63, filed when it was near.
    Fixture given(62);
    given.arm(1, 4'097);
    given.arm(2, 64);
    given.advance(4'095);
    given.arm(3, 4'096 + 63);

    CHECK(given.wheel.next_due() == 4'097);
    CHECK(given.advance(4'096) == Names{});
    CHECK(given.wheel.next_due() == 4'097);
    CHECK(given.advance(4'200) == Names{1, 3});
  }

  TEST_CASE("lets timers be armed and disarmed while the due ones are taken") {
    Fixture given;
    for (const std::size_t name : {1U, 2U, 3U}) given.arm(name, 50);

    auto* const first = given.wheel.pop_due(60);
    given.disarm(2);
    given.arm(4, 55);

    CHECK(static_cast<Named*>(first)->name == 1);
    CHECK(given.advance(60) == Names{3, 4});
  }

  TEST_CASE("does not go back when the caller's time does") {
    Fixture given(1'000);

    CHECK(given.advance(10) == Names{});
    CHECK(given.wheel.now() == 1'000);
  }
}
