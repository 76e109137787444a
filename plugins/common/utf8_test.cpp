#include "common/utf8.h"

#include <doctest/doctest.h>

using shoal::common::first_character_length;

TEST_SUITE("utf8") {
  TEST_CASE("measures characters of one to four bytes") {
    CHECK(first_character_length("a\xC3\xA9") == 1);
    CHECK(first_character_length("\xC3\xA9z") == 2);
    CHECK(first_character_length("\xE6\x97\xA5z") == 3);
    CHECK(first_character_length("\xF0\x9F\x90\x9Fz") == 4);
    CHECK(first_character_length("\xED\x9F\xBF") == 3);
    CHECK(first_character_length("\xF4\x8F\xBF\xBF") == 4);
    CHECK(first_character_length("") == 0);
  }

  TEST_CASE("knows what is not UTF-8") {
    for (const auto* text :
         {"\x80", "\xFF", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3z", "\xE6\x97", "\xE0\x9F\xBF",
          "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80"}) {
      CAPTURE(text);
      CHECK(first_character_length(text) == 0);
    }
  }
}
