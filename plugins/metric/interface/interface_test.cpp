#include <doctest/doctest.h>

#include "net_dev.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using shoal::interface::parse_net_dev;
using shoal::test::PluginFixture;
using shoal::test::recorded;

namespace {

using Names = std::vector<std::string>;
using Emitted = std::map<std::string, double>;

const std::string refused =
    "/proc/net/dev: expected lines of an interface with sixteen counters, found ";

}  // namespace

TEST_SUITE("interface") {
  TEST_CASE("reads names with and without a blank after the colon, and with one inside") {
    const auto text = recorded("server/net/dev");
    const auto net_dev = parse_net_dev({"dev", text});

    Names names;
    for (const auto& interface : net_dev.interfaces) names.emplace_back(interface.name);
    CHECK(names == Names{"eth0", "eth0.100", "eth0:1", "br-3f2a9c01d4e5", "docker0", "veth1a2b3c4",
                         "bond0"});
    CHECK(net_dev.interfaces[0].received_bytes == 4294967296123);
    CHECK(net_dev.interfaces[0].sent_bytes == 123456789012);
    CHECK(net_dev.damaged_lines == 1);
  }

  TEST_CASE("a host with nothing but the loopback has no interfaces") {
    CHECK(parse_net_dev({"dev", "lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n"}).interfaces.empty());
  }

  TEST_CASE("says what it found when no line can be read") {
    CHECK_THROWS_WITH(parse_net_dev({"/proc/net/dev", ""}), (refused + "nothing").c_str());
    CHECK_THROWS_WITH(parse_net_dev({"/proc/net/dev", "Inter-|   Recei"}),
                      (refused + "\"Inter-|   Recei\"").c_str());
    CHECK_THROWS_WITH(parse_net_dev({"/proc/net/dev", "eth0: 1 2 3"}),
                      (refused + "\"eth0: 1 2 3\"").c_str());
    CHECK_THROWS_WITH(parse_net_dev({"/proc/net/dev", ": 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0"}),
                      (refused + "\": 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\"").c_str());
  }

  TEST_CASE("emits counters as they stand, also of idle interfaces, but none of docker's veth") {
    PluginFixture plugin({{"proc", std::string(TESTDATA "/server")}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(plugin.emitted == Emitted{{"interface.bond0.rxBytes.delta", 11},
                                    {"interface.bond0.txBytes.delta", 22},
                                    {"interface.br-3f2a9c01d4e5.rxBytes.delta", 31000},
                                    {"interface.br-3f2a9c01d4e5.txBytes.delta", 32000},
                                    {"interface.docker0.rxBytes.delta", 0},
                                    {"interface.docker0.txBytes.delta", 0},
                                    {"interface.eth0.rxBytes.delta", 4294967296123},
                                    {"interface.eth0.txBytes.delta", 123456789012},
                                    {"interface.eth0_1.rxBytes.delta", 7},
                                    {"interface.eth0_1.txBytes.delta", 8},
                                    {"interface.eth0_100.rxBytes.delta", 1000},
                                    {"interface.eth0_100.txBytes.delta", 2000}});
    CHECK(plugin.kinds.at("interface.eth0.rxBytes.delta") == SHOAL_COUNTER);
    CHECK(plugin.logged ==
          Names{TESTDATA "/server/net/dev: left out 1 lines without sixteen counters"});
  }

  TEST_CASE("emits a recorded host with the names mackerel-agent gave it") {
    PluginFixture plugin({{"proc", std::string(TESTDATA)}});

    CHECK(plugin.collect() == SHOAL_OK);

    Names names;
    for (const auto& [name, value] : plugin.emitted) names.push_back(name);
    CHECK(names == Names{"interface.eth0.rxBytes.delta", "interface.eth0.txBytes.delta",
                         "interface.ifb0.rxBytes.delta", "interface.ifb0.txBytes.delta",
                         "interface.ifb1.rxBytes.delta", "interface.ifb1.txBytes.delta"});
  }

  TEST_CASE("ignores by the name as it stands in the metric") {
    PluginFixture plugin({{"proc", std::string(TESTDATA "/server")},
                          {"ignore", std::string("^(br-|docker|bond)|_1")}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(plugin.emitted.size() == 2);
    CHECK(plugin.emitted.count("interface.eth0.rxBytes.delta") == 1);
  }

  TEST_CASE("a name that two interfaces share is the first one's") {
    const shoal::test::TemporaryDirectory proc;
    proc.write("net/dev",
               "a.b: 1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0\n"
               "a_b: 3 0 0 0 0 0 0 0 4 0 0 0 0 0 0 0\n");
    PluginFixture plugin({{"proc", proc.path().string()}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(plugin.emitted ==
          Emitted{{"interface.a_b.rxBytes.delta", 1}, {"interface.a_b.txBytes.delta", 2}});
  }
}
