#include "base/clock.h"

#include <limits>

#include <doctest/doctest.h>

using namespace shoal;

TEST_SUITE("from_unix_milliseconds") {
  TEST_CASE("is the inverse of unix_milliseconds") {
    CHECK(unix_milliseconds(from_unix_milliseconds(1'800'000'000'123)) == 1'800'000'000'123);
    CHECK(unix_milliseconds(from_unix_milliseconds(-5)) == -5);
  }

  TEST_CASE("gives the nearest time there is for a number that means none") {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();

    CHECK(from_unix_milliseconds(most) > from_unix_milliseconds(9'000'000'000'000));
    CHECK(from_unix_milliseconds(-most) < from_unix_milliseconds(-9'000'000'000'000));
  }
}
