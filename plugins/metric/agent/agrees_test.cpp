#include <filesystem>
#include <iterator>

#include <doctest/doctest.h>

#include "own_status.h"

TEST_SUITE("agent agrees") {
  TEST_CASE("with the threads that the kernel lists") {
    shoal::common::ProcFile file("/proc/self/status");

    const auto own = shoal::agent_metric::parse_status(file.read());

    using Directory = std::filesystem::directory_iterator;
    CHECK(own.threads == static_cast<double>(std::distance(Directory("/proc/self/task"), {})));
    CHECK(own.resident_bytes > 0);
  }
}
