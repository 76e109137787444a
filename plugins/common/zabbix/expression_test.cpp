#include "common/zabbix/expression.h"

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

using namespace shoal::zabbix;
using Kind = Answer::Kind;

namespace {

const std::vector<Answer> values{{Kind::value, "4"},
                                 {Kind::value, "2.5"},
                                 {Kind::value, "up"},
                                 {Kind::not_supported, "no such thing"}};

Expression::Verdict judged(const std::string& text) {
  return Expression::parse("ok", text, values.size()).judge(values);
}

std::string refusal_of(const std::string& text) {
  try {
    Expression::parse("ok", text, 2);
  } catch (const shoal::Failure& failure) {
    CHECK(failure.status() == SHOAL_CONFIG);
    return failure.what();
  }
  return "taken";
}

}  // namespace

TEST_SUITE("zabbix expressions") {
  TEST_CASE("hold") {
    for (const char* text :
         {"1", "$1 == 4", "$1>=4&&$2<=2.5", "$1 > 4 || $2 < 3", "!($1 == 5)", "1 + 2 * 3 == 7",
          "(1 + 2) * 3 == 9", "10 - 2 - 3 == 5", "8 / 2 / 2 == 2", "7 % 4 == 3", "-$1 == 0 - 4",
          "- -1 == 1", "$3 == \"up\"", "\"down\" != $3", "1e3 == 1000", "!0 && !!1", "1 || 0 && 0",
          "$1 != 5 && $3 != \"\""}) {
      CAPTURE(text);
      CHECK(judged(text).is_true == true);
    }
  }

  TEST_CASE("do not hold") {
    for (const char* text : {"0", "$1 == 5", "$1 < 4", "$2 > 2.5", "$3 == \"down\"", "!1", "1 && 0",
                             "0 || 0", "$1 - 4", "$1 != 4"}) {
      CAPTURE(text);
      CHECK(judged(text).is_true == false);
    }
  }

  TEST_CASE("leave out what does not matter any more") {
    CHECK(judged("0 && $4").is_true == false);
    CHECK(judged("1 || 1 / 0").is_true == true);
  }

  TEST_CASE("cannot be told without a value, a number or a divisor") {
    const auto fault = [](const char* text) {
      const auto verdict = judged(text);
      CHECK_FALSE(verdict.is_true);
      return verdict.fault;
    };

    CHECK(fault("$4 == 1") == "$4: not supported: no such thing");
    CHECK(fault("$4 == \"x\"") == "$4: not supported: no such thing");
    CHECK(fault("$3 != 1") == "$3: expected a number, found \"up\"");
    CHECK(fault("1 / ($1 - 4)") == "division by zero");
    CHECK(fault("$1 % 0") == "division by zero");
    CHECK(fault("1e300 * 1e300 > 0") == "a number grows too large");
    CHECK(fault("1 && $4") == "$4: not supported: no such thing");
  }

  TEST_CASE("are refused with the place") {
    CHECK(refusal_of("") ==
          "option ok: expected a number, an item such as $1 or \"(\" at character 1, found the "
          "end");
    CHECK(refusal_of("$1 = 2") ==
          "option ok: expected an operator or the end at character 4, found \"= 2\"");
    CHECK(refusal_of("$3 > 1") ==
          "option ok: expected an item from $1 to $2 at character 1, found \"$3 > 1\"");
    CHECK(refusal_of("$0").find("from $1 to $2 at character 1") != std::string::npos);
    CHECK(refusal_of("$99999999999999999999").find("from $1 to $2") != std::string::npos);
    CHECK(refusal_of("(1") ==
          "option ok: expected an operator or \")\" at character 3, found the end");
    CHECK(refusal_of("1 < 2 < 3").find("the end at character 7") != std::string::npos);
    CHECK(refusal_of("[[ $1 -ge 1 ]]").find("at character 1") != std::string::npos);
    CHECK(refusal_of("$1 == \"x") ==
          "option ok: expected a closing quote for the text at character 7, found \"\"x\"");
    CHECK(refusal_of("inf").find("a number") != std::string::npos);
    CHECK(refusal_of("1e999").find("a number") != std::string::npos);
  }

  TEST_CASE("compare texts with items alone, and only for being the same") {
    const std::string expected =
        "option ok: expected an item such as $1 and a text with == or != between them at ";

    CHECK(refusal_of("$1 < \"x\"").starts_with(expected + "character 4"));
    CHECK(refusal_of("\"x\" == 1").starts_with(expected + "character 5"));
    CHECK(refusal_of("\"x\" == \"x\"").starts_with(expected));
    CHECK(refusal_of("\"x\"").starts_with(expected + "character 4"));
    CHECK(refusal_of("$1 + 1 == \"x\"").starts_with(expected));
    CHECK(refusal_of("1 + \"x\"").find("expected a number") != std::string::npos);
  }

  TEST_CASE("are bounded in length and depth") {
    const auto times = [](int count, const std::string& text) {
      std::string all;
      for (int i = 0; i < count; ++i) all += text;
      return all;
    };

    CHECK(refusal_of(std::string(1001, ' ')) ==
          "option ok: expected at most 1000 bytes, found 1001");
    CHECK(refusal_of(times(51, "(")).find("no deeper nesting at character 51") !=
          std::string::npos);
    CHECK(refusal_of(times(60, "!")).find("no deeper nesting") != std::string::npos);
    CHECK(refusal_of("1" + times(499, "+1")) == "taken");
    CHECK(refusal_of(times(49, "(") + "1" + times(49, ")")) == "taken");
  }
}
