#include "common/percent.h"

#include <doctest/doctest.h>

using shoal::common::percent_encoded;

TEST_SUITE("percent_encoded") {
  TEST_CASE("leaves what a URL may hold, and nothing else") {
    CHECK(percent_encoded("a-Z_0.~") == "a-Z_0.~");
    CHECK(percent_encoded("p@s:/ \xC3\xA9?#%") == "p%40s%3A%2F%20%C3%A9%3F%23%25");
  }
}
