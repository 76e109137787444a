#include "common/words.h"

#include <doctest/doctest.h>

using namespace shoal::common;

TEST_SUITE("words") {
  TEST_CASE("quotes what a peer said, in one line") {
    CHECK(quoted("220 hello\r\n") == "\"220 hello\"");
    CHECK(quoted("two\nlines\x01\xff") == "\"two?lines??\"");
    CHECK(quoted(std::string(81, 'x')) == "\"" + std::string(80, 'x') + "...\"");
    CHECK(quoted("") == "\"\"");
  }

  TEST_CASE("keeps the first line of what a peer said") {
    CHECK(first_line("no such\ttable\nLINE 1: SELECT") == "no such?table");
    CHECK(first_line(std::string(201, 'x')) == std::string(200, 'x') + "...");
  }

  TEST_CASE("says seconds to the millisecond") {
    CHECK(seconds_words(0.0124) == "0.012 s");
    CHECK(seconds_words(12) == "12.000 s");
  }
}
