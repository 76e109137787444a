#include "alert/flapping.h"

#include <doctest/doctest.h>

#include "bench.h"

using namespace shoal;
using namespace shoal::test;
using alert::Flapping;

TEST_SUITE("Flapping") {
  TEST_CASE("weighs the newest change half as much again as the oldest") {
    struct Row {
      std::string changes;  // x for one, oldest first
      double percent;
    };
    const Row rows[] = {
        {"", 0},
        {"x", 6},
        {"x...................", 4},
        {"x....................", 0},
        {"xxxxxxxxxxxxxxxxxxxx", 100},
        {"xxxxxxxxxxxxxxxxxxxxxxxxx", 100},
        {"..........xxxxxxxxxx", 55.263},
        {"xxxxxxxxxx..........", 44.737},
    };
    for (const Row& row : rows) {
      CAPTURE(row.changes);
      Flapping flapping;

      for (const char change : row.changes) flapping.note(change == 'x');

      CHECK(flapping.percent() == doctest::Approx(row.percent).epsilon(0.001));
    }
  }

  TEST_CASE("begins at half of all changes and ends under a quarter") {
    Flapping flapping;
    int began_at = 0;
    int ended_at = 0;

    for (int i = 1; i <= 20; ++i) {
      if (flapping.note(true) == Flapping::Turn::began) began_at = i;
    }
    for (int i = 1; i <= 20; ++i) {
      if (flapping.note(false) == Flapping::Turn::ended) ended_at = i;
    }

    CHECK(began_at == 9);
    CHECK(ended_at == 15);
    CHECK_FALSE(flapping.is_on());
  }

  TEST_CASE("is told when it begins and ends; what it did is told if it still is so") {
    auto settings = check("web");
    settings.detects_flapping = true;
    Bench bench({settings});

    bench.say_all("web", "OCOCOCOCO");
    const auto before = bench.told();
    bench.say("web", 'C', "down");
    const auto events = bench.events;
    const auto began = bench.told();
    bench.say_all("web", "OCOCOCOCOC");
    const auto meanwhile = bench.told();
    bench.say_all("web", std::string(15, 'C'));
    const auto ended = bench.events.empty() ? "" : bench.events[0].text;

    CHECK(before == "O>C C>O O>C C>O O>C C>O O>C C>O");
    CHECK(began == "O=O");
    CHECK(events[0].text ==
          "flapping began: its last results changed at 50%; changes are held back\ndown");
    CHECK(meanwhile == "");
    CHECK(bench.told() == "O=O O>C");
    CHECK(ended == "flapping ended: its last results changed at 21%");
    CHECK(bench.picture("web").state.standing.held_back == 11);
  }
}
