#include <doctest/doctest.h>

#include "own_status.h"
#include "support/plugin_fixture.h"

using shoal::agent_metric::parse_status;
using shoal::test::PluginFixture;

TEST_SUITE("agent") {
  TEST_CASE("emits what a recorded process takes") {
    PluginFixture plugin({{"proc", std::string(TESTDATA)}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(plugin.emitted.at("agent.memory.sys") == 5768 * 1024);
    CHECK(plugin.emitted.at("agent.runtime.goroutine_num") == 7);
    CHECK(plugin.emitted.at("agent.memory.alloc") >= plugin.emitted.at("agent.memory.heapAlloc"));
    CHECK(plugin.emitted.at("agent.memory.heapSys") >= plugin.emitted.at("agent.memory.heapAlloc"));
    CHECK(plugin.emitted.size() == 5);
  }

  TEST_CASE("says what is missing") {
    CHECK_THROWS_WITH(parse_status({"/proc/self/status", "Threads:\t7\n"}),
                      "/proc/self/status: expected a line VmRSS: with a number, found nothing");
    CHECK_THROWS_WITH(parse_status({"/proc/self/status", "VmRSS:\t1 kB\nThreads:\n"}),
                      "/proc/self/status: expected a line Threads: with a number, found nothing");
  }
}
