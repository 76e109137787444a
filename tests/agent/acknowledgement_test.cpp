#include "agent/acknowledgement.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using shoal::agent::AcknowledgementRequest;
using shoal::agent::parse_acknowledgement;

TEST_SUITE("a request to acknowledge") {
  TEST_CASE("is read as it was written") {
    const AcknowledgementRequest lasting{.job = "check:web", .by = "ann"};
    const AcknowledgementRequest limited{
        .job = "check:web", .by = "ann", .comment = "on it", .duration = 2h};
    const AcknowledgementRequest removal{.job = "check:web", .by = "ann", .is_removal = true};

    CHECK(parse_acknowledgement(to_json(lasting)) == lasting);
    CHECK(parse_acknowledgement(to_json(limited)) == limited);
    CHECK(parse_acknowledgement(to_json(removal)) == removal);
  }

  TEST_CASE("is refused when it names no job or nobody, or a time that is none") {
    for (const char* text :
         {"", "[]", "{}", R"({"job": "check:web"})", R"({"job": 1, "by": "ann"})",
          R"({"job": "check:web", "by": ""})", R"({"job": "check:web", "by": "ann", "for_ms": 0})",
          R"({"job": "check:web", "by": "ann", "for_ms": -1})",
          R"({"job": "check:web", "by": "ann", "for_ms": 9000000000000000000})",
          R"({"job": "check:web", "by": "ann", "comment": 7})"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_acknowledgement(text));
    }
  }

  TEST_CASE("has its words on one line, and not too many") {
    const auto request =
        parse_acknowledgement(R"({"job": "check:web", "by": "a\nb", "comment": "one\ntwo)" +
                              std::string(2000, 'x') + "\"}");

    REQUIRE(request);
    CHECK(request->by == "a b");
    CHECK(request->comment.starts_with("one twoxx"));
    CHECK(request->comment.size() == 1000);
  }
}
