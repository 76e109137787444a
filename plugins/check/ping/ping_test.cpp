#include <doctest/doctest.h>

#include "common/net/address.h"
#include "icmp_socket.h"
#include "support/plugin_fixture.h"

using shoal::test::PluginFixture;
using Options = PluginFixture::OptionMap;

namespace {

// Whether whoever runs the tests may send echoes at all.
bool may_ping(const std::string& host) {
  PluginFixture plugin({{"host", host}});
  const auto verdict = plugin.check();
  if (verdict.status == SHOAL_CHECK_OK) return true;
  MESSAGE("SKIPPED: " << verdict.text);
  const bool has_reason = verdict.text.find("net.ipv4.ping_group_range") != std::string::npos ||
                          verdict.status == SHOAL_CHECK_CRITICAL;
  CHECK(has_reason);
  return false;
}

shoal::CheckVerdict verdict_with(Options options) {
  options.emplace("host", std::string("127.0.0.1"));
  PluginFixture plugin(options);
  return plugin.check();
}

std::string refusal_of(const Options& options) {
  PluginFixture plugin(options);
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

}  // namespace

TEST_SUITE("check ping") {
  TEST_CASE("is OK when this host answers itself, and draws time and loss") {
    for (const std::string host : {"127.0.0.1", "::1"}) {
      if (!may_ping(host)) continue;
      PluginFixture plugin({{"host", host}, {"count", std::int64_t{3}}});

      const auto verdict = plugin.check();

      CHECK(verdict.status == SHOAL_CHECK_OK);
      CHECK(verdict.text.starts_with(host + " answers in 0."));
      CHECK(verdict.text.ends_with(" s, 0 of 3 lost"));
      CHECK(plugin.emitted.at("ping.probe_1.seconds") > 0);
      CHECK(plugin.emitted.at("ping.probe_1.loss") == 0);
    }
  }

  TEST_CASE("judges the time and the loss, and the worse of both counts") {
    if (!may_ping("127.0.0.1")) return;

    CHECK(verdict_with({{"warning", std::string("0")}}).status == SHOAL_CHECK_WARNING);
    CHECK(verdict_with({{"critical", std::string("0")}, {"warning_loss", std::string("1:")}})
              .status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict_with({{"warning_loss", std::string("1:")}}).status == SHOAL_CHECK_WARNING);
    CHECK(verdict_with({{"critical_loss", std::string("1:")}}).status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("tells the address that a name stands for") {
    if (!may_ping("localhost")) return;

    CHECK(verdict_with({{"host", std::string("localhost")}}).text.starts_with("localhost ("));
  }

  TEST_CASE("sends no echo that it cannot wait for to the end") {
    if (!may_ping("127.0.0.1")) return;

    const auto verdict = verdict_with({{"count", std::int64_t{3}},
                                       {"wait_time", std::int64_t{6000}},
                                       {"timeout", std::int64_t{5000}}});

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text.ends_with(" s, 0 of 1 lost"));
  }

  TEST_CASE("is CRITICAL on a name without address, or WARNING on request") {
    const Options nameless{{"host", std::string("name.invalid")}, {"timeout", std::int64_t{1}}};
    auto mild = nameless;
    mild.emplace("error_status", std::string("warning"));

    const auto verdict = verdict_with(nameless);

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text.starts_with("name.invalid: cannot resolve the name: "));
    CHECK(verdict_with(mild).status == SHOAL_CHECK_WARNING);
  }

  TEST_CASE("refuses thresholds that cannot be read") {
    CHECK(refusal_of({{"host", std::string("a")}, {"warning_loss", std::string("much")}}) ==
          "option warning_loss: expected a number or a range like \"10:20\", found \"much\"");
    CHECK(refusal_of({{"host", std::string("a")}, {"critical", std::string("20:10")}}) ==
          "option critical: expected a number or a range like \"10:20\", found \"20:10\"");
  }
}
