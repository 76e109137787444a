#include "base/backoff.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using shoal::Backoff;

TEST_SUITE("Backoff") {
  TEST_CASE("doubles its ceiling with each failure up to the longest") {
    Backoff backoff(1s, 5s, [] { return 1.0; });

    CHECK(backoff.next() == 1s);
    CHECK(backoff.next() == 2s);
    CHECK(backoff.next() == 4s);
    CHECK(backoff.next() == 5s);
    CHECK(backoff.next() == 5s);
  }

  TEST_CASE("never waits less than a tenth of its ceiling") {
    Backoff backoff(10s, 60s, [] { return 0.0; });

    CHECK(backoff.next() == 1s);
  }

  TEST_CASE("starts again after a success") {
    Backoff backoff(1s, 60s, [] { return 1.0; });
    backoff.next();
    backoff.next();

    backoff.reset();

    CHECK(backoff.next() == 1s);
  }
}
