#include "common/fields.h"

#include <doctest/doctest.h>

using namespace shoal::common;

TEST_SUITE("fields") {
  TEST_CASE("cuts lines with and without a last newline") {
    std::string_view rest = "one\n\ntwo";

    CHECK(take_line(rest) == "one");
    CHECK(take_line(rest) == "");
    CHECK(take_line(rest) == "two");
    CHECK_FALSE(take_line(rest));
  }

  TEST_CASE("cuts fields at any run of blanks") {
    std::string_view rest = "  a\t b  ";

    CHECK(take_field(rest) == "a");
    CHECK(take_field(rest) == "b");
    CHECK_FALSE(take_field(rest));
  }

  TEST_CASE("reads a number only if all of it is one") {
    CHECK(to_number("18446744073709551615") == 18446744073709551615u);
    for (const auto* text : {"", "-1", "+1", "1x", "0x1", "18446744073709551616", "1 "}) {
      CAPTURE(text);
      CHECK_FALSE(to_number(text));
    }
    CHECK(to_decimal("0.25") == 0.25);
    CHECK_FALSE(to_decimal("0,25"));
  }

  TEST_CASE("takes the next number, or nothing for a word") {
    std::string_view rest = " 12 word";

    CHECK(take_number(rest) == 12);
    CHECK_FALSE(take_number(rest));
    CHECK(rest.empty());
  }
}
