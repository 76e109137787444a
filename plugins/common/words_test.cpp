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

  TEST_CASE("leaves secrets out of what a peer said") {
    CHECK(without_secret("wrong 'pass', not pass", "pass") == "wrong '***', not ***");
    CHECK(without_secret("***", "*") == "*********");
    CHECK(without_secret("as it is", "") == "as it is");
  }

  TEST_CASE("keeps the first line of what a peer said") {
    CHECK(first_line("no such\ttable\nLINE 1: SELECT") == "no such?table");
    CHECK(first_line(std::string(201, 'x')) == std::string(200, 'x') + "...");
  }

  TEST_CASE("says seconds to the millisecond") {
    CHECK(seconds_words(0.0124) == "0.012 s");
    CHECK(seconds_words(12) == "12.000 s");
  }

  TEST_CASE("says a long time in its two largest units") {
    CHECK(duration_words(0) == "0s");
    CHECK(duration_words(130) == "2m 10s");
    CHECK(duration_words(7200) == "2h");
    CHECK(duration_words(3 * 86'400 + 4 * 3'600 + 59) == "3d 4h");
  }

  TEST_CASE("says sizes in the largest unit") {
    CHECK(bytes_words(0) == "0 B");
    CHECK(bytes_words(1023) == "1023 B");
    CHECK(bytes_words(1536) == "1.5 KiB");
    CHECK(bytes_words(std::uint64_t{30} << 30) == "30.0 GiB");
    CHECK(bytes_words(std::uint64_t{2048} << 40) == "2048.0 TiB");
  }

  TEST_CASE("says parts of a hundred to the tenth") {
    CHECK(percent_words(12.34) == "12.3%");
  }
}
