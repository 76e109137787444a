#include "common/random.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

using shoal::common::random_bytes;
using shoal::common::random_number;

TEST_SUITE("random") {
  TEST_CASE("gives as many bytes as asked for, to the last one") {
    CHECK(random_bytes(0).empty());
    for (const std::size_t size : {1U, 16U, 5000U}) {
      std::set<char> last;
      for (int i = 0; i < 40; ++i) {
        const auto bytes = random_bytes(size);
        CHECK(bytes.size() == size);
        last.insert(bytes.back());
      }
      CHECK(last.size() > 1);
    }
  }

  TEST_CASE("gives other numbers each time") {
    std::set<std::uint64_t> numbers;
    for (int i = 0; i < 1000; ++i) numbers.insert(random_number<std::uint64_t>());

    CHECK(numbers.size() == 1000);
  }

  TEST_CASE("fails rather than give what can be guessed") {
    // Nothing can be written there.
    CHECK_THROWS_WITH_AS(shoal::common::fill_random(nullptr, 8), "no random bytes: Bad address",
                         shoal::Failure);
  }
}
