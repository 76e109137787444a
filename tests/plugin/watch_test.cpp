#include "plugin/process/watch.h"

#include <ctime>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace shoal;
using namespace shoal::plugin;
using namespace std::chrono_literals;

namespace {

const SteadyTime start{};

// Of this very process.
std::string fault_with(const Allowance& allowance) {
  return Watch(getpid(), allowance, start).look(start);
}

Allowance boundless() {
  return {.files = UINT64_MAX,
          .threads = UINT64_MAX,
          .processes = UINT64_MAX / 2,
          .memory_bytes = UINT64_MAX};
}

std::chrono::nanoseconds processor_time() {
  timespec used = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

void compute_for(std::chrono::nanoseconds time) {
  const auto end = processor_time() + time;
  while (processor_time() < end) continue;
}

}  // namespace

TEST_SUITE("Watch") {
  TEST_CASE("finds nothing wrong with a process that holds what it may") {
    CHECK(fault_with(boundless()).empty());
  }

  TEST_CASE("names what a process holds too much of, and how much would be well") {
    auto allowance = boundless();
    std::string expected;
    SUBCASE("memory") {
      allowance.memory_bytes = 1000;
      expected = " MB, more than its memory_limit of 0 MB";
    }
    SUBCASE("open files") {
      allowance.files = 2;
      expected = " open files, more than 2: it leaks them";
    }
    SUBCASE("threads") {
      allowance.threads = 0;
      expected = " threads, more than 0: it leaks them";
    }

    const auto fault = fault_with(allowance);

    CHECK(fault.find("holds ") == 0);
    CHECK(fault.find(expected) != std::string::npos);
  }

  TEST_CASE("names who keeps a processor busy for more than half of a stretch") {
    auto allowance = boundless();
    allowance.stretch = 10ms;
    Watch watch(getpid(), allowance, start);

    compute_for(10ms);

    CHECK(watch.look(start + 9ms).empty());
    CHECK(watch.look(start + 10ms).find(" s of a processor in 0.0 s, more than half") !=
          std::string::npos);
    CHECK(watch.look(start + 1h).empty());
  }

  TEST_CASE("sees nothing of a process that is not there") {
    const pid_t nobody = 0x7fffffff;

    CHECK(Watch(nobody, Allowance{}, start).look(start + 1h).empty());
  }
}
