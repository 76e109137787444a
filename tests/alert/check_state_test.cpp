// Row by row: what a check says, minute after minute, and what is told of it.
#include <doctest/doctest.h>

#include "bench.h"

using namespace shoal;
using namespace shoal::test;

TEST_SUITE("a check's state") {
  TEST_CASE("becomes hard after its attempts, and is told once") {
    struct Row {
      int attempts;
      int recovery_attempts;
      std::string says;
      std::string told;
    };
    const Row rows[] = {
        {1, 1, "O", ""},
        {1, 1, "OOO", ""},
        {1, 1, "C", "O>C"},
        {1, 1, "OCCCO", "O>C C>O"},
        {1, 1, "CWUO", "O>C C>W W>U U>O"},
        {1, 1, "COCO", "O>C C>O O>C C>O"},
        {3, 1, "CC", ""},
        {3, 1, "CCO", ""},
        {3, 1, "CCC", "O>C"},
        {3, 1, "CCOCCOCC", ""},
        {3, 1, "WWC", "O>C"},
        {3, 1, "CCCC", "O>C"},
        {3, 1, "CCCO", "O>C C>O"},
        {3, 1, "CCCWO", "O>C C>W W>O"},
        {3, 1, "OOCCCOOCCCO", "O>C C>O O>C C>O"},
        {1, 3, "COO", "O>C"},
        {1, 3, "COOO", "O>C C>O"},
        {1, 3, "COOCOO", "O>C"},
        {1, 3, "COOCOOO", "O>C C>O"},
        {1, 3, "COWOOO", "O>C C>W W>O"},
        {2, 2, "CCOCOO", "O>C C>O"},
        {2, 2, "CCOOCOCC", "O>C C>O O>C"},
    };
    for (const Row& row : rows) {
      CAPTURE(row.attempts);
      CAPTURE(row.recovery_attempts);
      CAPTURE(row.says);
      auto settings = check("web", row.attempts);
      settings.recovery_attempts = row.recovery_attempts;
      Bench bench({settings});

      bench.say_all("web", row.says);

      CHECK(bench.told() == row.told);
    }
  }

  TEST_CASE("counts attempts from the first that is not OK, up to as many as it takes") {
    Bench bench({check("web", 3)});

    std::vector<int> attempts;
    for (const char letter : std::string("OCCOWCCC")) {
      bench.say("web", letter);
      attempts.push_back(bench.picture("web").state.standing.attempts);
    }

    CHECK(attempts == std::vector{0, 1, 2, 0, 1, 2, 3, 3});
  }

  TEST_CASE("says when it began and when it became hard") {
    Bench bench({check("web", 3)});

    bench.say_all("web", "OWCCC");

    REQUIRE(bench.events.size() == 1);
    const auto& event = bench.events.front();
    CHECK(event.since == noon + 3min);  // the first CRITICAL
    CHECK(event.time == noon + 4min);   // the third that is not OK
    CHECK(event.is_hard);
  }

  TEST_CASE("gives all events of a problem one key, and each an id of its own") {
    Bench bench({check("web")});

    bench.say_all("web", "OCWOC");

    REQUIRE(bench.events.size() == 4);
    CHECK(bench.events[0].job == "check:web");
    CHECK(bench.events[0].dedupe_key == "check:web@2026-01-02T12:02:00Z");
    CHECK(bench.events[1].dedupe_key == bench.events[0].dedupe_key);
    CHECK(bench.events[2].dedupe_key == bench.events[0].dedupe_key);
    CHECK(bench.events[3].dedupe_key == "check:web@2026-01-02T12:05:00Z");
    CHECK(bench.events[0].id == "check:web@2026-01-02T12:02:00Z/1");
    CHECK(bench.events[1].id == "check:web@2026-01-02T12:02:00Z/2");
    CHECK(bench.events[2].id == "check:web@2026-01-02T12:02:00Z/3");
    CHECK(bench.events[3].id == "check:web@2026-01-02T12:05:00Z/4");
  }

  TEST_CASE("tells the text as it was said, and the section's memo") {
    auto settings = check("web");
    settings.memo = "call the web team";
    Bench bench({settings});

    bench.say("web", 'C', "connection refused\nby 127.0.0.1");

    REQUIRE(bench.events.size() == 1);
    CHECK(bench.events[0].text == "connection refused\nby 127.0.0.1");
    CHECK(bench.events[0].links == std::vector<record::Label>{{"memo", "call the web team"}});
  }

  TEST_CASE("is saved when it changes, and only then") {
    Bench bench({check("web", 2)});
    std::vector<std::size_t> saved;

    for (const char letter : std::string("OOOCCCCOO")) {
      bench.saved.clear();
      bench.say("web", letter);
      saved.push_back(bench.saved.size());
    }

    CHECK(saved == std::vector<std::size_t>{1, 0, 0, 1, 1, 0, 0, 1, 0});
  }
}
