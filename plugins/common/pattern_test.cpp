#include "common/pattern.h"

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

using shoal::common::matches;
using shoal::common::Pattern;

TEST_SUITE("plugin pattern") {
  TEST_CASE("is found anywhere unless it is anchored") {
    CHECK(Pattern("ignore", "ram").found_in("/dev/ram0"));
    CHECK(Pattern("ignore", "^(loop|ram)").found_in("loop7"));
    CHECK_FALSE(Pattern("ignore", "^ram").found_in("zram0"));
  }

  TEST_CASE("tells what its first group holds") {
    const Pattern pattern("patterns", "took (\\d+)|(x)");

    CHECK(pattern.has_group());
    CHECK(pattern.group_in("it took 12 s") == "12");
    CHECK(pattern.group_in("x") == "");
    CHECK(pattern.group_in("none") == "");
    CHECK_FALSE(Pattern("patterns", "(?:no) group").has_group());
  }

  TEST_CASE("no pattern matches nothing") {
    CHECK_FALSE(matches(std::nullopt, "sda"));
  }

  TEST_CASE("names the option and the fault when it does not compile") {
    CHECK_THROWS_WITH_AS(
        Pattern("ignore", "(loop"),
        "option ignore: expected a regular expression, found \"(loop\": missing ): (loop",
        shoal::Failure);
  }
}
