#include <doctest/doctest.h>

#include "support/fake_zabbix.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"

using shoal::test::FakeZabbix;
using shoal::test::PluginFixture;
using Options = PluginFixture::OptionMap;
using Texts = std::vector<std::string>;

namespace {

Options at(const FakeZabbix& agent, const Texts& items, Options more = {}) {
  more.emplace("port", agent.port());
  more.emplace("items", items);
  return more;
}

std::string answer_to(const std::string& request) {
  if (request == "agent.ping") return shoal::test::recorded("agent.ping");
  if (request == "no.such") return shoal::test::recorded("no.such");
  return FakeZabbix::frame(request == "text" ? "some words" : request == "float" ? " 2.5\n" : "");
}

}  // namespace

TEST_SUITE("metric zabbix") {
  TEST_CASE("emits what is a number, and complains of the rest once") {
    const FakeZabbix agent(answer_to);
    PluginFixture plugin(at(agent, {"agent.ping", "half=float", "no.such", "text", "empty"}));

    for (int round = 0; round < 2; ++round) {
      CHECK(plugin.collect() == SHOAL_OK);
      CHECK(plugin.emitted ==
            std::map<std::string, double>{{"zabbix.agent_ping", 1}, {"zabbix.half", 2.5}});
    }
    CHECK(plugin.logged ==
          Texts{agent.name() +
                ": no.such: not supported: Unsupported item key.; text: expected a number, found "
                "\"some words\"; empty: expected a number, found \"\""});
  }

  TEST_CASE("fails with the reason when nothing is a number") {
    FakeZabbix agent(answer_to);
    PluginFixture plugin(at(agent, {"no.such"}));

    CHECK(plugin.collect() != SHOAL_OK);
    CHECK(plugin.reason == agent.name() + ": no.such: not supported: Unsupported item key.");
    agent.stop();
    CHECK(plugin.collect() != SHOAL_OK);
    CHECK(plugin.reason == agent.name() + ": Connection refused");
  }

  TEST_CASE("keeps no value that is longer than it can use") {
    const FakeZabbix agent([](const std::string& request) {
      return FakeZabbix::frame(std::string(request == "most" ? 65'536 : 65'537, '0'));
    });
    PluginFixture plugin(at(agent, {"most", "more"}));

    CHECK(plugin.collect() == SHOAL_OK);
    CHECK(plugin.emitted == std::map<std::string, double>{{"zabbix.most", 0}});
    CHECK(plugin.logged ==
          Texts{agent.name() +
                ": more: damaged answer: expected at most 65536 bytes of value, found 65537"});
  }

  TEST_CASE("is not held up by an agent that says nothing") {
    const FakeZabbix silent;
    PluginFixture plugin(
        at(silent, {"a", "b", "c", "d", "e", "f"}, {{"timeout", std::int64_t{20}}}));

    CHECK(plugin.collect() != SHOAL_OK);
    CHECK(plugin.reason == silent.name() + ": no answer in time");
  }

  TEST_CASE("asks in JSON, and anew in plain words when that is not known") {
    Texts asked;
    const FakeZabbix agent([&](const std::string& request) {
      asked.push_back(request);
      const bool is_json = request.starts_with("{");
      if (!is_json) return FakeZabbix::frame("7");
      if (request.find("new") != std::string::npos) {
        return FakeZabbix::frame(R"({"version":"7.0.0","variant":1,"data":[{"value":"8"}]})");
      }
      return shoal::test::recorded("json-to-6.0");
    });
    PluginFixture older(at(agent, {"old"}, {{"protocol", std::string("auto")}}));
    PluginFixture newer(at(agent, {"new"}, {{"protocol", std::string("auto")}}));
    PluginFixture stubborn(at(agent, {"old"}, {{"protocol", std::string("json")}}));

    CHECK(older.collect() == SHOAL_OK);
    CHECK(older.emitted.at("zabbix.old") == 7);
    CHECK(newer.collect() == SHOAL_OK);
    CHECK(newer.emitted.at("zabbix.new") == 8);
    CHECK(stubborn.collect() != SHOAL_OK);
    CHECK(stubborn.reason.find("damaged answer: expected an answer in JSON, found \"ZBX_NOT") !=
          std::string::npos);
    REQUIRE(asked.size() == 4);
    CHECK(asked[0].find(R"("key":"old","timeout":)") != std::string::npos);
    CHECK(asked[1] == "old");
  }
}
