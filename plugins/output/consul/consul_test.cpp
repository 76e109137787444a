#include <doctest/doctest.h>

#include "fake_consul_test.h"

using namespace shoal::consul::test;
using shoal::Failure;
using shoal::HttpRequest;
using shoal::HttpResponse;

namespace {

const auto* const registration = "PUT /v1/agent/check/register";
const auto* const update_of_web = "PUT /v1/agent/check/update/shoal%3Aweb";

}  // namespace

TEST_SUITE("consul") {
  TEST_CASE("registers a check with its state and time to live, and shows what it said") {
    FakeConsul consul;
    Output output(consul);
    Records records;

    const auto [status, verdicts] = output.deliver(records.result("web", ok, "all is well"));

    CHECK(status == SHOAL_OK);
    CHECK(verdicts == Verdicts{delivered});
    CHECK(consul.checks["shoal:web"] == json{{"ID", "shoal:web"},
                                             {"Name", "web"},
                                             {"Notes", "why web"},
                                             {"TTL", "60000ms"},
                                             {"Status", "passing"},
                                             {"Output", "all is well"}});
  }

  TEST_CASE("shows the four states, and says UNKNOWN where Consul has no word for it") {
    FakeConsul consul;
    Output output(consul);
    output.configure({"fine", "warm", "hot", "odd"});
    Records records;
    records.result("fine", ok, "fine")
        .result("warm", warning, "warm")
        .result("hot", critical, "hot")
        .result("odd", unknown, "who knows");

    output.deliver(records);

    CHECK(consul.status("shoal:fine") == "passing");
    CHECK(consul.status("shoal:warm") == "warning");
    CHECK(consul.status("shoal:hot") == "critical");
    CHECK(consul.status("shoal:odd") == "critical");
    CHECK(consul.output("shoal:odd") == "UNKNOWN: who knows");
  }

  TEST_CASE("shows UNKNOWN as the configuration says") {
    FakeConsul consul;
    Output output(consul, {{"unknown", std::string("warning")}});
    Records records;

    output.deliver(records.result("web", unknown, "UNKNOWN - no answer"));

    CHECK(consul.status("shoal:web") == "warning");
    CHECK(consul.output("shoal:web") == "UNKNOWN - no answer");
  }

  TEST_CASE("keeps to the hard state, whatever the results say in between") {
    FakeConsul consul;
    Output output(consul);
    Records problem;
    Records up;
    Records recovery;

    output.deliver(problem.result("web", critical, "down").event("check:web", ok, critical));
    output.deliver(up.result("web", ok, "up", start_ns + 60 * second));
    CHECK(consul.status("shoal:web") == "critical");
    CHECK(consul.output("shoal:web") == "OK (not confirmed yet): up");

    output.deliver(recovery.event("check:web", critical, ok, start_ns + 60 * second));
    CHECK(consul.status("shoal:web") == "passing");
    CHECK(consul.output("shoal:web") == "up");
  }

  TEST_CASE("keeps the hard states over a restart") {
    FakeConsul consul;
    std::map<std::string, std::string> state;
    {
      Output output(consul);
      Records records;
      output.deliver(records.result("web", critical, "down").event("check:web", ok, critical));
      state = output.plugin.state;
    }
    Output output(consul);
    output.plugin.state = state;
    output.plugin.start();
    Records records;

    output.deliver(records.result("web", ok, "up", start_ns + 60 * second));

    CHECK(consul.status("shoal:web") == "critical");
  }

  TEST_CASE("sends heartbeats three times within the time to live, as long as results come") {
    FakeConsul consul;
    Output output(consul);
    Records records;
    records.result("web", ok, "fine").result("db", ok, "fine");
    output.deliver(records);
    consul.calls.clear();

    // A minute, a call each five seconds; of two checks.
    for (int i = 0; i < 12; ++i) output.beat(5 * second);
    CHECK(consul.count(update_of_web) >= 3);
    CHECK(consul.calls.size() <= 12 + 3);

    // Past three intervals without a result, it is silent.
    output.beat(121 * second);
    consul.calls.clear();
    for (int i = 0; i < 12; ++i) output.beat(5 * second);
    CHECK(consul.count(update_of_web) == 0);
  }

  TEST_CASE("tells each new result, so that the time to live begins anew") {
    FakeConsul consul;
    Output output(consul);
    Records first;
    Records second_round;

    output.deliver(first.result("web", ok, "fine"));
    output.deliver(second_round.result("web", ok, "fine", start_ns + second));

    CHECK(consul.count(registration) == 1);
    CHECK(consul.count(update_of_web) == 2);
  }

  TEST_CASE("tells only the newest of what piled up, and never goes back") {
    FakeConsul consul;
    Output output(consul);
    Records pile;
    for (int i = 0; i < 60; ++i) pile.result("web", critical, "down", start_ns - i * second);
    Records older;

    const auto verdicts = output.deliver(pile).second;
    output.deliver(older.result("web", ok, "long ago", start_ns - 3600 * second));

    CHECK(verdicts == Verdicts(60, delivered));
    CHECK(consul.count(update_of_web) == 1);
    CHECK(consul.status("shoal:web") == "critical");
  }

  TEST_CASE("does not show a result that is too old to speak for its check") {
    FakeConsul consul;
    Output output(consul);
    output.plugin.unix_ns = start_ns + 3600 * second;
    Records records;

    CHECK(output.deliver(records.result("web", ok, "an hour ago")).second == Verdicts{delivered});

    CHECK(consul.checks.empty());
  }

  TEST_CASE("registers all again when Consul has forgotten, at the next heartbeat") {
    for (const bool is_new : {false, true}) {
      CAPTURE(is_new);
      FakeConsul consul;
      consul.is_new = is_new;
      Output output(consul, {{"service", std::string("shop")}});
      Records records;
      records.result("web", ok, "fine")
          .result("db", critical, "down")
          .event("check:db", ok, critical);
      output.deliver(records);
      consul.forget();

      CHECK(output.beat(5 * second) == SHOAL_OK);

      CHECK(consul.status("shoal:web") == "passing");
      CHECK(consul.status("shoal:db") == "critical");
      CHECK(consul.output("shoal:db") == "down");
      CHECK(consul.services.contains("shop"));
    }
  }

  TEST_CASE("takes the place of a check of its id that has no time to live") {
    FakeConsul consul;
    Output output(consul);
    Records records;
    output.deliver(records.result("web", ok, "fine"));
    consul.checks["shoal:web"] = {{"ID", "shoal:web"}, {"Args", {"true"}}};

    output.beat(5 * second);

    CHECK(consul.status("shoal:web") == "passing");
  }

  TEST_CASE("notices within a minute that a single check was removed") {
    FakeConsul consul;
    Output output(consul);
    Records records;
    output.deliver(records.result("web", ok, "fine").result("db", ok, "fine"));
    consul.checks.erase("shoal:db");

    for (int i = 0; i < 12; ++i) output.beat(5 * second);

    CHECK(consul.status("shoal:db") == "passing");
  }

  TEST_CASE("removes checks of ours that are configured no more, and leaves others alone") {
    FakeConsul consul;
    consul.checks["shoal:gone"] = {{"ID", "shoal:gone"}, {"TTL", "60s"}};
    consul.checks["shoal:web"] = {{"ID", "shoal:web"}, {"TTL", "60s"}};
    consul.checks["serfHealth"] = {{"ID", "serfHealth"}};
    consul.checks["backup"] = {{"ID", "backup"}, {"TTL", "60s"}};
    Output output(consul);

    output.beat(0);

    CHECK(consul.checks.size() == 3);
    CHECK_FALSE(consul.checks.contains("shoal:gone"));
    CHECK(output.plugin.logged ==
          std::vector<std::string>{"removed from Consul what is configured no more: shoal:gone"});
  }

  TEST_CASE("removes a check that a reload took away, and lets no late result bring it back") {
    FakeConsul consul;
    Output output(consul);
    Records records;
    Records late;
    output.deliver(records.result("web", ok, "fine").result("db", ok, "fine"));
    output.configure({"web"});

    output.beat(second);
    output.deliver(late.result("db", ok, "fine", start_ns + second));

    CHECK(consul.checks.size() == 1);
    CHECK(consul.status("shoal:web") == "passing");
  }

  TEST_CASE("registers its service, removes one that it had before, and no other") {
    FakeConsul consul;
    consul.services["old"] = {{"ID", "old"}, {"Meta", {{"shoal", "shoal:"}}}};
    consul.services["other"] = {{"ID", "other"}, {"Meta", {{"shoal", "else:"}}}};
    consul.services["plain"] = {{"ID", "plain"}};
    Output output(consul, {{"service", std::string("shop")},
                           {"service_id", std::string("shop-1")},
                           {"service_tags", std::vector<std::string>{"eu", "blue"}},
                           {"service_address", std::string("192.0.2.7")},
                           {"service_port", std::int64_t{8080}},
                           {"deregister_critical_after", std::int64_t{7'200'000}}});
    Records records;

    output.deliver(records.result("web", ok, "fine"));

    CHECK(consul.services.size() == 3);
    CHECK_FALSE(consul.services.contains("old"));
    CHECK(consul.services["shop-1"] == json{{"ID", "shop-1"},
                                            {"Name", "shop"},
                                            {"Tags", {"eu", "blue"}},
                                            {"Address", "192.0.2.7"},
                                            {"Port", 8080},
                                            {"Meta", {{"shoal", "shoal:"}}}});
    CHECK(consul.checks["shoal:web"]["ServiceID"] == "shop-1");
    CHECK(consul.checks["shoal:web"]["DeregisterCriticalServiceAfter"] == "7200000ms");
  }

  TEST_CASE("stops at the first refusal of the token, and says what to do") {
    FakeConsul consul;
    Output output(consul, {{"token", std::string("abc")}});
    consul.instead = [](const std::string& call) -> std::optional<HttpResponse> {
      if (call.starts_with("GET")) return std::nullopt;
      return refusal(403, "Permission denied");
    };
    Records records;

    const auto [status, verdicts] =
        output.deliver(records.result("web", ok, "fine").result("db", ok, "fine"));

    CHECK(status == SHOAL_AUTH);
    CHECK(
        output.plugin.reason ==
        "PUT /v1/agent/check/register: HTTP 403: Permission denied; check that token is right and "
        "may write this node or service");
    CHECK(consul.calls.size() == 3);
    CHECK(consul.requests.back().headers.front() ==
          std::pair<std::string, std::string>("X-Consul-Token", "abc"));
  }

  TEST_CASE("rejects results of a check that Consul will never take, and tells the others") {
    FakeConsul consul;
    Output output(consul);
    consul.instead = [](const std::string& call) -> std::optional<HttpResponse> {
      if (call != registration) return std::nullopt;
      return refusal(400, "Invalid check: told so");
    };
    Records records;
    Records again;

    CHECK(output.deliver(records.result("db", ok, "fine")).second == Verdicts{rejected});
    CHECK(output.plugin.reason == "PUT /v1/agent/check/register: HTTP 400: Invalid check: told so");
    CHECK(output.plugin.logged ==
          std::vector<std::string>{"check db is refused: PUT /v1/agent/check/register: HTTP 400: "
                                   "Invalid check: told so"});
    consul.instead = nullptr;
    again.result("db", ok, "fine", start_ns + second).result("web", ok, "fine");
    CHECK(output.deliver(again).second == Verdicts{rejected, delivered});
  }

  TEST_CASE("keeps everything while Consul is away, and tells the present when it is back") {
    FakeConsul consul;
    Output output(consul);
    output.plugin.http = [](const HttpRequest&) -> HttpResponse {
      throw Failure("127.0.0.1:8500: Connection refused", SHOAL_RETRY);
    };
    Records records;
    records.result("web", critical, "down").event("check:web", ok, critical);
    CHECK(output.deliver(records).first == SHOAL_RETRY);
    CHECK(output.plugin.reason == "127.0.0.1:8500: Connection refused");
    CHECK(output.plugin.state.empty());

    output.plugin.http = [&](const HttpRequest& request) { return consul.answer(request); };
    records.result("web", ok, "up", start_ns + 60 * second)
        .event("check:web", critical, ok, start_ns + 60 * second);

    CHECK(output.deliver(records).second == Verdicts(4, delivered));
    CHECK(consul.status("shoal:web") == "passing");
    CHECK(consul.output("shoal:web") == "up");
  }

  TEST_CASE("says so when something else listens there") {
    FakeConsul consul;
    Output output(consul);
    consul.instead = [](const std::string&) { return refusal(200, "<html>"); };

    CHECK(output.beat(0) == SHOAL_RETRY);

    CHECK(output.plugin.reason ==
          "GET /v1/agent/checks: expected a JSON object; check that Consul listens at address");
  }

  TEST_CASE("cuts what a check says where a character ends") {
    FakeConsul consul;
    Output output(consul);
    std::string long_text;
    for (int i = 0; i < 2000; ++i) long_text += "語";
    Records records;

    output.deliver(records.result("web", ok, long_text));

    const auto shown = consul.output("shoal:web");
    CHECK(shown.size() <= 4000);
    CHECK(shown.size() > 3990);
    CHECK(shown.ends_with("語 ... (6000 bytes)"));
  }

  TEST_CASE("leaves checks to their time to live when it stops, or removes them if told to") {
    for (const bool is_removed : {false, true}) {
      FakeConsul consul;
      Output output(consul, {{"service", std::string("shop")}, {"deregister_on_stop", is_removed}});
      Records records;
      output.deliver(records.result("web", ok, "fine"));

      CHECK(output.plugin.stop() == SHOAL_OK);

      CHECK(consul.checks.empty() == is_removed);
      CHECK(consul.services.empty() == is_removed);
    }
  }

  TEST_CASE("takes records that it has no use for") {
    FakeConsul consul;
    Output output(consul);
    Records records;
    records.event("notify:ops", ok, critical)
        .event("check:gone", ok, critical)
        .result("gone", ok, "x");
    records.all.push_back({sizeof(shoal_record), 99});

    CHECK(output.deliver(records).second == Verdicts(4, delivered));

    CHECK(consul.checks.empty());
  }

  TEST_CASE("speaks to a unix socket as it does to a port") {
    FakeConsul consul;
    Output output(consul, {{"address", std::string("unix:///run/consul.sock")}});

    output.beat(0);

    CHECK(consul.requests.front().url == "unix:///run/consul.sock:/v1/agent/checks");
  }
}
