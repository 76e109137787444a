#include "conformance/blackboard.h"

#include <doctest/doctest.h>

using namespace shoal::conformance;

TEST_SUITE("Blackboard") {
  TEST_CASE("keeps the first finding of each rule") {
    Blackboard board;

    board.say(Rule::lifetime_leak, "one");
    board.say(Rule::lifetime_leak, "two");
    board.say(Rule::text_utf8, "three");

    const auto findings = board.findings();
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].text == "one");
    CHECK(findings[1].rule == Rule::text_utf8);
  }

  TEST_CASE("keeps a text that is too long or not UTF-8 within bounds") {
    Blackboard board;

    board.say(Rule::text_utf8, std::string(10'000, '\xff'));

    CHECK(board.findings().front().text.size() <= 600);
  }

  TEST_CASE("knows what is being done and whether the test came to its end") {
    Blackboard board;

    board.begin_act("create()", Rule::lifetime_crash);

    CHECK(board.act() == "create()");
    CHECK(board.act_rule() == Rule::lifetime_crash);
    CHECK_FALSE(board.is_finished());
    CHECK_FALSE(board.has_given_up());

    board.end_act();
    board.give_up();
    board.finish();

    CHECK(board.act().empty());
    CHECK(board.is_finished());
    CHECK(board.has_given_up());
  }
}
