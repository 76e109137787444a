#include "plugin/process/restarts.h"

#include <doctest/doctest.h>

using namespace shoal;
using namespace shoal::plugin;
using namespace std::chrono_literals;

namespace {

constexpr SteadyTime start{std::chrono::nanoseconds{0}};

Restarts restarts() {
  return Restarts([] { return 0.999; });
}

}  // namespace

TEST_SUITE("Restarts") {
  TEST_CASE("lets the first start be at once") {
    CHECK_FALSE(restarts().not_before(start).has_value());
  }

  TEST_CASE("waits a little after a death, and longer after the next") {
    auto one = restarts();

    one.note_death(start);
    const auto first = one.not_before(start);
    one.note_death(start + 10s);
    const auto second = one.not_before(start + 10s);

    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    CHECK(*first - start <= 1s);
    CHECK(*second - (start + 10s) > *first - start);
    CHECK_FALSE(one.not_before(*second).has_value());
  }

  TEST_CASE("quarantines for an hour after five deaths in ten minutes") {
    auto one = restarts();

    for (int i = 0; i < 5; ++i) {
      CHECK_FALSE(one.is_quarantined());
      one.note_death(start + i * 1min);
    }

    CHECK(one.is_quarantined());
    CHECK(one.not_before(start + 4min) == start + 4min + 1h);
    CHECK(one.deaths() == 5);
  }

  TEST_CASE("does not quarantine for deaths that are far apart") {
    auto one = restarts();

    for (int i = 0; i < 20; ++i) one.note_death(start + i * 3min);

    CHECK_FALSE(one.is_quarantined());
  }

  TEST_CASE("gives one try an hour to who is quarantined") {
    auto one = restarts();
    for (int i = 0; i < 5; ++i) one.note_death(start);

    one.note_death(start + 1h);

    CHECK(one.is_quarantined());
    CHECK(one.not_before(start + 1h) == start + 2h);
  }

  TEST_CASE("forgives who has lived for ten minutes, not before") {
    auto one = restarts();
    for (int i = 0; i < 5; ++i) one.note_death(start);

    one.note_life(start + 1h, start + 1h + 9min);
    CHECK(one.is_quarantined());
    one.note_life(start + 1h, start + 1h + 10min);
    CHECK_FALSE(one.is_quarantined());
  }

  TEST_CASE("forgives at once who is told to") {
    auto one = restarts();
    for (int i = 0; i < 5; ++i) one.note_death(start);

    one.forgive();

    CHECK_FALSE(one.not_before(start).has_value());
    CHECK(one.deaths() == 5);
  }
}
