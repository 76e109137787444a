#include "base/memory.h"

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

TEST_SUITE("give_back_memory") {
  TEST_CASE("keeps all data and code as they were") {
    std::vector<std::unique_ptr<std::string>> texts;
    for (int i = 0; i < 1000; ++i)
      texts.push_back(std::make_unique<std::string>(100, 'a' + i % 26));

    shoal::give_back_memory();

    for (int i = 0; i < 1000; ++i) CHECK(*texts[i] == std::string(100, 'a' + i % 26));
  }
}
