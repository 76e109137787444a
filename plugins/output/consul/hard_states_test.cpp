#include "hard_states.h"

#include <doctest/doctest.h>

#include "fake_consul_test.h"

using namespace shoal::consul;
using namespace shoal::consul::test;

namespace {

shoal_event event(std::uint32_t from, std::uint32_t to, std::int64_t time_ns, bool is_hard = true) {
  Records records;
  records.event("check:web", from, to, time_ns, is_hard);
  return records.events.front();
}

}  // namespace

TEST_SUITE("HardStates") {
  TEST_CASE("are OK until told otherwise") {
    CHECK(HardStates().of("web") == ok);
  }

  TEST_CASE("follow hard changes, the newest of them, and notices about what lasts") {
    HardStates states;

    states.tell("web", event(ok, critical, 2));
    CHECK(states.of("web") == critical);
    states.tell("web", event(critical, ok, 1));
    CHECK(states.of("web") == critical);
    states.tell("web", event(critical, ok, 3, false));
    CHECK(states.of("web") == critical);
    states.tell("web", event(warning, warning, 4));
    CHECK(states.of("web") == warning);
  }

  TEST_CASE("are not what a result says once an event has told") {
    HardStates states;
    states.tell("web", event(critical, ok, 2));

    for (int i = 0; i < 10; ++i) states.count("web", critical, 1);

    CHECK(states.of("web") == ok);
  }

  TEST_CASE("are counted by attempts as long as no event has told") {
    HardStates states;

    states.count("web", critical, 3);
    states.count("web", critical, 3);
    CHECK(states.of("web") == ok);
    states.count("web", warning, 3);
    CHECK(states.of("web") == warning);
    states.count("web", ok, 3);
    CHECK(states.of("web") == ok);
    states.count("web", critical, 3);
    CHECK(states.of("web") == ok);
  }

  TEST_CASE("are kept as text, less those that were only counted") {
    HardStates states;
    states.tell("web", event(ok, critical, 7));
    states.count("db", critical, 1);

    CHECK(states.text() == R"({"web":[2,7]})");
    CHECK(HardStates(states.text()).of("web") == critical);
  }

  TEST_CASE("begin anew from a text that is damaged") {
    for (const auto* text : {"", "x", "[]", R"({"web":1})", R"({"web":["a",1]})", "{\"web\":[2"}) {
      CAPTURE(text);
      CHECK(HardStates(text).of("web") == ok);
    }
  }
}
