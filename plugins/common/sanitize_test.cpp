#include "common/sanitize.h"

#include <doctest/doctest.h>

using shoal::common::sanitized;

TEST_SUITE("sanitized") {
  TEST_CASE("replaces one character by one underscore") {
    CHECK(sanitized("/") == "_");
    CHECK(sanitized("/var/log") == "_var_log");
    CHECK(sanitized("eth0.100") == "eth0_100");
    CHECK(sanitized("mapper/vg-root") == "mapper_vg-root");
    CHECK(sanitized("br-1a_B") == "br-1a_B");
    CHECK(sanitized("") == "");
  }

  TEST_CASE("counts characters, not bytes") {
    CHECK(sanitized("/\xC3\xA9t\xC3\xA9") == "__t_");
    CHECK(sanitized("\xE6\x97\xA5\xE6\x9C\xAC") == "__");
    CHECK(sanitized("\xF0\x9F\x90\x9F!") == "__");
  }

  TEST_CASE("counts bytes where it is not UTF-8") {
    CHECK(sanitized("\xFF\xFEz") == "__z");
    CHECK(sanitized("\xE6\x97") == "__");
    CHECK(sanitized("\xC3z") == "_z");
  }
}
