#include "base/pattern.h"

#include <doctest/doctest.h>

#include "base/error.h"

using shoal::Pattern;

TEST_SUITE("Pattern") {
  TEST_CASE("is found anywhere in the subject") {
    const Pattern pattern("/dev/(ram|loop)");

    CHECK(pattern.found_in("x/dev/loop0"));
    CHECK_FALSE(pattern.found_in("/dev/sda"));
  }

  TEST_CASE("names the pattern that does not compile and why") {
    CHECK_THROWS_WITH_AS(Pattern("(a"), "pattern \"(a\" does not compile: missing ): (a",
                         shoal::Error);
  }
}
