#include "slack_text.h"

#include <doctest/doctest.h>

using namespace shoal::slack;

TEST_SUITE("text for Slack") {
  TEST_CASE("has three characters escaped and no others") {
    const std::pair<std::string_view, std::string_view> table[] = {
        {"a & b < c > d", "a &amp; b &lt; c &gt; d"},
        {"&amp;", "&amp;amp;"},
        {"<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"},
        {R"("quoted" 'once' `code` *bold* _it_ ~no~ \ / ; #)",
         R"("quoted" 'once' `code` *bold* _it_ ~no~ \ / ; #)"},
        {"日本語 é 🐟", "日本語 é 🐟"},
        {"", ""}};
    for (const auto& [text, expected] : table) CHECK(escaped(text) == expected);
  }

  TEST_CASE("has no control characters, terminal colours and broken UTF-8") {
    const std::pair<std::string_view, std::string_view> table[] = {
        {"\x1B[31mred\x1B[0m", "red"},
        {"a\x1B", "a"},
        {"a\x1B[", "a"},
        {"a\tb\nc\r\n", "a\tb\nc\n"},
        {"a\x01\x7F"
         "b",
         "ab"},
        {"a\xFF"
         "b",
         "a\xEF\xBF\xBD"
         "b"},
        {"\xE6\x97", "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {std::string_view("a\0b", 3), "ab"}};
    for (const auto& [text, expected] : table) CHECK(escaped(text) == expected);
  }

  TEST_CASE("is cut between characters, and shows it") {
    CHECK(shortened("日本語日本語", 6) == "日本語日本語");
    CHECK(shortened("日本語日本語", 5) == "日本...");
    CHECK(shortened("a<b<c", 9) == "a&lt;b...");
    CHECK(shortened("a<b<c", 11) == "a&lt;b&lt;c");
    CHECK(shortened("abcdef", 3) == "...");
  }

  TEST_CASE("says how much of an excerpt is missing") {
    const std::string text(100, 'x');

    CHECK(excerpt(text, 100) == text);
    CHECK(excerpt(text, 99) == std::string(67, 'x') + "... (33 bytes cut)");
  }

  TEST_CASE("cannot leave the link that it is in") {
    CHECK(safe_url("https://a/?b=1&c=<d>|e f") == "https://a/?b=1&amp;c=%3Cd%3E%7Ce%20f");
  }
}
