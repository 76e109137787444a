#include "base/nearest.h"

#include <vector>

#include <doctest/doctest.h>

using shoal::nearest;

TEST_SUITE("nearest") {
  const std::vector<std::string> known{"uri", "interval", "ignore_types"};

  TEST_CASE("finds the word that was meant") {
    CHECK(nearest("url", known) == "uri");
    CHECK(nearest("Intervall", known) == "interval");
    CHECK(nearest("ignore_type", known) == "ignore_types");
    CHECK(nearest("rui", known) == "uri");
  }

  TEST_CASE("stays silent when nothing is near") {
    CHECK(nearest("colour", known).empty());
    CHECK(nearest("", known).empty());
    CHECK(nearest("x", {}).empty());
  }
}
