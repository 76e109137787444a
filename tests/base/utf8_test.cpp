#include "base/utf8.h"

#include <doctest/doctest.h>

using namespace shoal;

TEST_SUITE("utf8") {
  TEST_CASE("replaces each byte that belongs to no character") {
    struct Row {
      std::string_view bytes;
      std::string_view text;
    };
    const Row rows[] = {
        {"", ""},
        {"plain\n", "plain\n"},
        {"caf\xC3\xA9", "caf\xC3\xA9"},
        {"caf\xE9!", "caf\xEF\xBF\xBD!"},
        {"\xF0\x9F\x90\x9F", "\xF0\x9F\x90\x9F"},                  // a fish
        {"\xF0\x9F\x90", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // half a fish
        {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},                  // an overlong slash
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // half a surrogate pair
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // too far
    };

    for (const Row& row : rows) {
      CAPTURE(row.bytes);
      CHECK(to_utf8(row.bytes, 100) == row.text);
    }
  }

  TEST_CASE("never cuts a character in two") {
    CHECK(to_utf8("ab\xC3\xA9", 4) == "ab\xC3\xA9");
    CHECK(to_utf8("ab\xC3\xA9", 3) == "ab");
    CHECK(to_utf8("ab\xE9", 4) == "ab");
  }

  TEST_CASE("quotes foreign text for a log line") {
    CHECK(quoted("a \"b\"\\\n\x1B[0m\xFF", 80) == R"("a \"b\"\\\n\x1b[0m\xff")");
    CHECK(quoted("caf\xC3\xA9\xC2\x85", 80) == "\"caf\xC3\xA9\\xc2\\x85\"");
    CHECK(quoted("abcdef", 3) == "\"abc\"...");
  }
}
