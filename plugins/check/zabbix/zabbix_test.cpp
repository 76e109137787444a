#include <doctest/doctest.h>

#include "support/fake_zabbix.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"

using shoal::test::FakeZabbix;
using shoal::test::PluginFixture;
using Options = PluginFixture::OptionMap;
using Texts = std::vector<std::string>;
using namespace std::string_literals;

namespace {

Options options_of(const std::string& ok, Options more = {}) {
  more.emplace("keys", Texts{"proc.num[nginx]", "state"});
  more.emplace("ok", ok);
  return more;
}

shoal::CheckVerdict verdict_at(const FakeZabbix& agent, Options options) {
  options.emplace("port", agent.port());
  return PluginFixture(options).check();
}

std::string refusal_of(const Options& options) {
  PluginFixture plugin(options);
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

std::string answer_to(const std::string& request) {
  return request == "state" ? FakeZabbix::frame("up\n") : shoal::test::recorded("proc.num");
}

}  // namespace

TEST_SUITE("check zabbix") {
  TEST_CASE("is OK, WARNING or CRITICAL by its expressions, and draws numbers") {
    const FakeZabbix agent(answer_to);
    PluginFixture plugin(options_of("$1 >= 3 && $2 == \"up\"", {{"port", agent.port()}}));

    const auto fine = plugin.check();

    CHECK(fine.status == SHOAL_CHECK_OK);
    CHECK(fine.text == agent.name() + ": proc.num[nginx] = 3, state = \"up\"");
    CHECK(plugin.emitted == std::map<std::string, double>{{"zabbix.probe_1.proc_num_nginx", 3}});
    const auto bad = verdict_at(agent, options_of("$1 > 3"));
    CHECK(bad.status == SHOAL_CHECK_CRITICAL);
    CHECK(bad.text ==
          agent.name() + ": expected $1 > 3, found proc.num[nginx] = 3, state = \"up\"");
    CHECK(verdict_at(agent, options_of("$1 > 3", {{"warning", "$1 > 2"s}})).status ==
          SHOAL_CHECK_WARNING);
    CHECK(verdict_at(agent, options_of("$1 > 3", {{"warning", "$1 < 2"s}})).status ==
          SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("tells a number without what is around it, and shortened") {
    const FakeZabbix agent([](const std::string& request) {
      const bool is_state = request == "state";
      return FakeZabbix::frame(is_state ? std::string(65'535, '0') + "5" : "\n\n 3 \r\n\n");
    });

    const auto verdict = verdict_at(agent, options_of("$1 == 3 && $2 == 5"));

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text ==
          agent.name() + ": proc.num[nginx] = 3, state = " + std::string(40, '0') + "...");
  }

  TEST_CASE("is UNKNOWN when an expression cannot be told") {
    const FakeZabbix agent(answer_to);

    const auto text = verdict_at(agent, options_of("$2 != 0"));
    const auto zero = verdict_at(agent, options_of("0", {{"warning", "1 / 0"s}}));

    CHECK(text.status == SHOAL_CHECK_UNKNOWN);
    CHECK(text.text == agent.name() + ": ok: $2: expected a number, found \"up\"");
    CHECK(zero.status == SHOAL_CHECK_UNKNOWN);
    CHECK(zero.text == agent.name() + ": warning: division by zero");
  }

  TEST_CASE("is UNKNOWN when an item cannot be had") {
    FakeZabbix half([](const std::string& request) {
      return request == "state" ? FakeZabbix::frame("ZBX_NOTSUPPORTED\0no"s)
                                : FakeZabbix::frame("3");
    });
    PluginFixture plugin(options_of("1", {{"port", half.port()}}));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == half.name() + ": state: not supported: no");
    CHECK(plugin.emitted.size() == 1);
    half.stop();
    CHECK(plugin.check().text == half.name() + ": Connection refused");
    CHECK(plugin.check().status == SHOAL_CHECK_UNKNOWN);
  }

  TEST_CASE("is UNKNOWN at peers that answer wrongly or not at all") {
    const auto reason_at = [](const std::string& said) {
      const FakeZabbix agent([&](const std::string&) { return said; });
      const auto verdict = verdict_at(agent, {{"keys", Texts{"k"}}, {"ok", "1"s}});
      CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
      return verdict.text.substr(agent.name().size() + 2);
    };
    const FakeZabbix silent;

    CHECK(reason_at("").starts_with("it closed the connection without an answer; access denied?"));
    CHECK(reason_at("\x15\x03\x03\0\x02\x02\x28"s).starts_with("it speaks TLS"));
    CHECK(reason_at("ZBXD\x01\x05\0\0\0\0\0\0\0va"s) ==
          "k: damaged answer: the answer ended in the middle, after 15 bytes");
    CHECK(reason_at("ZBXD\x05"s + std::string(7, '\xff') + std::string(9, '\0'))
              .starts_with("k: damaged answer: expected at most 524288 bytes, found a frame"));
    CHECK(reason_at(FakeZabbix::frame(std::string(65'537, '1'))) ==
          "k: damaged answer: expected at most 65536 bytes of value, found 65537");
    CHECK(reason_at(FakeZabbix::frame("ZBX_NOTSUPPORTED")) ==
          "k: not supported: the agent does not say why");
    CHECK(verdict_at(silent, options_of("1", {{"timeout", std::int64_t{20}}})).text ==
          silent.name() + ": no answer in time");
  }

  TEST_CASE("refuses keys and expressions that are none") {
    CHECK(refusal_of({{"keys", Texts{}}, {"ok", "1"s}}) ==
          "option keys: expected keys, found none");
    CHECK(refusal_of({{"keys", Texts{"a["}}, {"ok", "1"s}}) ==
          "option keys: \"a[\": expected \",\" or \"]\" at character 3, found the end");
    CHECK(refusal_of(options_of("$3 > 1")) ==
          "option ok: expected an item from $1 to $2 at character 1, found \"$3 > 1\"");
    CHECK(refusal_of(options_of("1", {{"warning", ""s}})).starts_with("option warning: expected"));
  }
}
