#include <doctest/doctest.h>

#include "common/meminfo.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"

using shoal::common::parse_meminfo;
using shoal::common::used_bytes;
using shoal::test::PluginFixture;
using shoal::test::recorded;

TEST_SUITE("memory") {
  TEST_CASE("emits six series where the kernel says what is available") {
    PluginFixture plugin({{"proc", std::string(TESTDATA)}});

    CHECK(plugin.collect() == SHOAL_OK);

    const auto meminfo = parse_meminfo({"meminfo", recorded("meminfo")});
    CHECK(plugin.emitted.size() == 6);
    CHECK(plugin.emitted.at("memory.total") == static_cast<double>(meminfo.total));
    CHECK(plugin.emitted.at("memory.used") == static_cast<double>(used_bytes(meminfo)));
    CHECK(plugin.emitted.at("memory.mem_available") == static_cast<double>(*meminfo.available));
    CHECK(plugin.emitted.count("memory.swap_total") == 1);
    CHECK(plugin.emitted.count("memory.swap_free") == 1);
    CHECK(plugin.emitted.count("memory.swap_cached") == 1);
    CHECK(plugin.units.at("memory.used") == "bytes");
  }

  TEST_CASE("emits free, buffers and cached instead on an old kernel") {
    PluginFixture plugin({{"proc", std::string(TESTDATA "/before_3_14")}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(plugin.emitted.size() == 8);
    CHECK(plugin.emitted.count("memory.mem_available") == 0);
    CHECK(plugin.emitted.count("memory.free") == 1);
    CHECK(plugin.emitted.count("memory.buffers") == 1);
    CHECK(plugin.emitted.count("memory.cached") == 1);
  }
}
