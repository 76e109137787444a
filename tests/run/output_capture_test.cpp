#include "run/output_capture.h"

#include <string>

#include <doctest/doctest.h>

using shoal::run::OutputCapture;

TEST_SUITE("OutputCapture") {
  TEST_CASE("keeps everything up to its limit") {
    OutputCapture capture(8);
    capture.append("abc\n");
    capture.append("def\n");

    capture.keep_whole_lines();

    CHECK(capture.text() == "abc\ndef\n");
    CHECK(capture.is_complete());
    CHECK(capture.lost_lines() == 0);
  }

  TEST_CASE("gives up the line that is cut and counts what is lost") {
    OutputCapture capture(6);
    capture.append("abc\nde");
    capture.append("f\nghi\n");
    capture.append("jk");

    CHECK(capture.text() == "abc\nde");
    CHECK(capture.lost_bytes() == 8);
    capture.keep_whole_lines();

    CHECK(capture.text() == "abc\n");
    CHECK(capture.lost_bytes() == 10);
    CHECK(capture.lost_lines() == 3);
  }

  TEST_CASE("keeps no part of a line that is longer than the limit") {
    OutputCapture capture(4);
    capture.append("abcdef");

    capture.keep_whole_lines();

    CHECK(capture.text() == "");
    CHECK(capture.lost_bytes() == 6);
    CHECK(capture.lost_lines() == 1);
  }
}
