#include <algorithm>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "api.h"
#include "fake_api_test.h"
#include "host.h"
#include "other_hosts.h"

using namespace shoal::mackerel;
using namespace shoal::mackerel::test;
using nlohmann::json;
using shoal::HttpRequest;
using shoal::HttpResponse;
using shoal::text;

TEST_SUITE("mackerel") {
  TEST_CASE("registers a host that has no id and keeps the id") {
    FakeApi api;
    api.options["roles"] = std::vector<std::string>{"Shop:web"};
    Output output(api);
    output.plugin.host_id = "";
    output.plugin.host_spec = R"({"name":"host.test","meta":{},"interfaces":null})";

    const auto status = output.plugin.start();

    CHECK(status == SHOAL_OK);
    CHECK(output.plugin.host_id == "qTdrOJRBRY6");
    CHECK(api.calls == std::vector<std::string>{"POST /api/v0/hosts",
                                                "GET /api/v0/hosts/qTdrOJRBRY6",
                                                "PUT /api/v0/hosts/qTdrOJRBRY6"});
    const auto host = json::parse(api.requests[0].body);
    CHECK(host["name"] == "host.test");
    CHECK(host["roleFullnames"] == json::array({"Shop:web"}));
  }

  TEST_CASE("does not register twice if the second step fails") {
    FakeApi api;
    Output output(api);
    output.plugin.host_id = "";
    api.exceptions.emplace_back("GET /api/v0/hosts/qTdrOJRBRY6", refusal(503));
    CHECK(output.plugin.start() == SHOAL_RETRY);

    const auto status = output.plugin.start();

    CHECK(status == SHOAL_OK);
    CHECK(std::count(api.calls.begin(), api.calls.end(), "POST /api/v0/hosts") == 1);
  }

  TEST_CASE("does not post for a host that was retired, nor registers it anew") {
    FakeApi api;
    Output output(api);
    api.exceptions.emplace_back("GET /api/v0/hosts/qTdrOJRBRY6",
                                HttpResponse{200, 0, {}, R"({"host":{"isRetired":true}})"});
    Records records;

    const auto [status, verdicts] = output.plugin.deliver(records.sample("loadavg5", 1).all);

    CHECK(status == SHOAL_AUTH);
    CHECK(verdicts == Verdicts{retry});
    CHECK(output.plugin.reason ==
          "host qTdrOJRBRY6 was retired: delete the file \"id\" in the agent's root directory to "
          "register anew");
    CHECK(api.calls.size() == 1);
  }

  TEST_CASE("sets the status for a started host if it has another, and for a stopped one") {
    FakeApi api;
    api.options["host_status_on_start"] = "maintenance";
    api.options["host_status_on_stop"] = "poweroff";
    Output output(api);

    output.plugin.start();
    CHECK(api.last("POST /api/v0/hosts/qTdrOJRBRY6/status").body == R"({"status":"maintenance"})");
    output.plugin.stop();
    CHECK(api.last("POST /api/v0/hosts/qTdrOJRBRY6/status").body == R"({"status":"poweroff"})");
  }

  TEST_CASE("leaves a status alone that is right already") {
    FakeApi api;
    api.options["host_status_on_start"] = "working";
    Output output(api);

    output.plugin.start();
    output.plugin.stop();

    CHECK(api.calls == std::vector<std::string>{"GET /api/v0/hosts/qTdrOJRBRY6",
                                                "PUT /api/v0/hosts/qTdrOJRBRY6"});
  }

  TEST_CASE("says what to do where the API refuses the host") {
    struct Row {
      int http_status;
      shoal_status status;
      std::string reason;
    };
    const std::string call = "GET /api/v0/hosts/qTdrOJRBRY6";
    const Row rows[] = {
        {401, SHOAL_AUTH, call + ": HTTP 401: told so; check apikey"},
        {403, SHOAL_AUTH,
         call + ": HTTP 403: told so; check that apikey may read and write, and from this address"},
        {404, SHOAL_AUTH,
         call + ": HTTP 404: told so; host qTdrOJRBRY6 was retired or belongs to another "
                "organization: delete the file \"id\" in the agent's root directory to register "
                "anew"},
        {400, SHOAL_AUTH, call + ": HTTP 400: told so"},
        {503, SHOAL_RETRY, call + ": HTTP 503: told so"},
    };
    for (const auto& row : rows) {
      FakeApi api;
      Output output(api);
      api.exceptions.emplace_back(call, refusal(row.http_status));
      CHECK(output.plugin.start() == row.status);
      CHECK(output.plugin.reason == row.reason);
    }
  }

  TEST_CASE("refuses a damaged id") {
    FakeApi api;
    Output output(api);
    output.plugin.host_id = "../../x";

    CHECK(output.plugin.start() == SHOAL_AUTH);
    CHECK(output.plugin.reason == R"(file "id": expected letters and digits, found "../../x")");
    CHECK(api.calls.empty());
  }

  TEST_CASE("posts the samples of a batch in one request with the headers of an agent") {
    FakeApi api;
    Output output(api);
    Records records;
    records.sample("loadavg1", 0.5).sample("loadavg5", 1).sample("loadavg5", 2);

    const auto [status, verdicts] = output.plugin.deliver(records.all);

    CHECK(status == SHOAL_OK);
    CHECK(verdicts == Verdicts{delivered, delivered, delivered});
    const auto request = api.last("POST /api/v0/tsdb");
    CHECK(request.url == "http://api.test/api/v0/tsdb");
    CHECK(request.headers ==
          std::vector<std::pair<std::string, std::string>>{{"User-Agent", agent_name()},
                                                           {"X-Agent-Version", SHOAL_VERSION},
                                                           {"X-Api-Key", "k"},
                                                           {"X-Revision", SHOAL_REVISION},
                                                           {"Content-Type", "application/json"}});
    CHECK(request.body ==
          R"([{"hostId":"qTdrOJRBRY6","name":"loadavg1","time":1800000000,"value":0.5},)"
          R"({"hostId":"qTdrOJRBRY6","name":"loadavg5","time":1800000000,"value":2}])");
  }

  TEST_CASE("wants the next batch at the host's own second of the minute") {
    FakeApi api;
    Output output(api);
    Records records;

    output.plugin.deliver(records.sample("loadavg1", 1).all);

    const auto second_of_minute = output.plugin.delivery.next_offer_ns / second % 60;
    CHECK(second_of_minute == 0);  // of SHA-1(qTdrOJRBRY6)
    CHECK(output.plugin.delivery.next_offer_ns > output.plugin.unix_ns);
    CHECK(output.plugin.delivery.next_offer_ns <= output.plugin.unix_ns + 60 * second);
  }

  TEST_CASE("updates the host at once and then every hour, whatever becomes of it") {
    FakeApi api;
    Output output(api);
    Records records;
    records.sample("loadavg1", 1);
    const auto updates = [&] {
      return std::count(api.calls.begin(), api.calls.end(), "PUT /api/v0/hosts/qTdrOJRBRY6");
    };
    api.exceptions.emplace_back("PUT /api/v0/hosts/qTdrOJRBRY6", refusal(500));

    CHECK(output.plugin.deliver(records.all).second == Verdicts{delivered});
    CHECK(updates() == 1);
    output.plugin.unix_ns += 3599 * second;
    output.plugin.deliver(records.all);
    CHECK(updates() == 1);
    output.plugin.unix_ns += second;
    output.plugin.deliver(records.all);
    CHECK(updates() == 2);
  }

  TEST_CASE("tells the fate of a batch by the answer to it") {
    struct Row {
      int http_status;
      shoal_status status;
    };
    for (const auto& [http_status, expected] : {Row{400, SHOAL_REJECTED},
                                                {413, SHOAL_REJECTED},
                                                {422, SHOAL_REJECTED},
                                                {401, SHOAL_AUTH},
                                                {403, SHOAL_AUTH},
                                                {404, SHOAL_AUTH},
                                                {408, SHOAL_RETRY},
                                                {429, SHOAL_RETRY},
                                                {500, SHOAL_RETRY},
                                                {503, SHOAL_RETRY},
                                                {302, SHOAL_RETRY}}) {
      FakeApi api;
      Output output(api);
      Records records;
      api.exceptions.emplace_back("POST /api/v0/tsdb", refusal(http_status, 7000));
      const auto [status, verdicts] = output.plugin.deliver(records.sample("a", 1).all);
      CHECK(status == expected);
      CHECK(verdicts == Verdicts{retry});
      CHECK(output.plugin.delivery.retry_after_ms == 7000);
      CHECK(output.plugin.reason.starts_with("POST /api/v0/tsdb: HTTP "));
    }
  }

  TEST_CASE("does not take a stranger's 200 for the API's") {
    FakeApi api;
    Output output(api);
    Records records;
    api.exceptions.emplace_back("POST /api/v0/tsdb",
                                HttpResponse{200, 0, {}, "<html>Log in</html>"});

    const auto [status, verdicts] = output.plugin.deliver(records.sample("a", 1).all);

    CHECK(status == SHOAL_RETRY);
    CHECK(verdicts == Verdicts{retry});
    CHECK(output.plugin.reason ==
          "POST /api/v0/tsdb: HTTP 200, but the answer is not JSON; check apibase and proxy");
  }

  TEST_CASE("keeps the batch where there is no answer") {
    FakeApi api;
    Output output(api);
    Records records;
    output.plugin.http = [](const HttpRequest&) -> HttpResponse {
      throw shoal::Failure("api.test:80: cannot connect: Connection refused", SHOAL_RETRY);
    };

    CHECK(output.plugin.deliver(records.sample("a", 1).all).first == SHOAL_RETRY);
    CHECK(output.plugin.reason == "api.test:80: cannot connect: Connection refused");
  }

  TEST_CASE("posts graph definitions together") {
    FakeApi api;
    Output output(api);
    Records records;

    const auto [status, verdicts] = output.plugin.deliver(records.graph("a").graph("b").all);

    CHECK(status == SHOAL_OK);
    CHECK(verdicts == Verdicts{delivered, delivered});
    CHECK(json::parse(api.last("POST /api/v0/graph-defs/create").body).size() == 2);
    CHECK(api.last("POST /api/v0/tsdb").url.empty());
  }

  TEST_CASE("keeps graph definitions for later without sending the samples again") {
    FakeApi api;
    Output output(api);
    Records records;
    api.exceptions.emplace_back("POST /api/v0/graph-defs/create", refusal(503));

    const auto [status, verdicts] = output.plugin.deliver(records.graph("a").sample("x", 1).all);

    CHECK(status == SHOAL_OK);
    CHECK(verdicts == Verdicts{retry, delivered});
    CHECK(
        output.plugin.logged.back() ==
        "graph definitions are kept for later: POST /api/v0/graph-defs/create: HTTP 503: told so");
  }

  TEST_CASE("rejects a graph definition that the API refuses, and only that one") {
    FakeApi api;
    Output output(api);
    Records records;
    const auto* path = "POST /api/v0/graph-defs/create";
    api.exceptions.emplace_back(path, refusal(400));
    api.exceptions.emplace_back(path, refusal(400));

    const auto [status, verdicts] = output.plugin.deliver(records.graph("bad").graph("good").all);

    CHECK(status == SHOAL_OK);
    CHECK(verdicts == Verdicts{rejected, delivered});
    CHECK(output.plugin.logged.back() ==
          "graph definition bad: POST /api/v0/graph-defs/create: HTTP 400: told so");
  }

  TEST_CASE("posts samples of other hosts under their ids, looked up once") {
    FakeApi api;
    Output output(api);
    Records records;
    const std::string lookup =
        "GET /api/v0/hosts?customIdentifier=router%2F1&status=working&status=standby"
        "&status=maintenance&status=poweroff";
    api.exceptions.emplace_back(lookup, HttpResponse{200, 0, {}, R"({"hosts":[{"id":"other"}]})"});
    records.sample("a", 1, "router/1").sample("b", 2, "router/1");

    CHECK(output.plugin.deliver(records.all).second == Verdicts{delivered, delivered});
    output.plugin.deliver(records.all);

    CHECK(std::count(api.calls.begin(), api.calls.end(), lookup) == 1);
    CHECK(json::parse(api.last("POST /api/v0/tsdb").body)[0]["hostId"] == "other");
  }

  TEST_CASE("rejects samples of hosts that the API does not know, and asks again later") {
    FakeApi api;
    Output output(api);
    Records records;
    const auto* none = R"({"hosts":[]})";
    const std::string lookup =
        "GET /api/v0/hosts?customIdentifier=gone&status=working&status=standby"
        "&status=maintenance&status=poweroff";
    for (int i = 0; i < 2; ++i) api.exceptions.emplace_back(lookup, HttpResponse{200, 0, {}, none});
    records.sample("a", 1, "gone").sample("b", 2);

    CHECK(output.plugin.deliver(records.all).second == Verdicts{rejected, delivered});
    CHECK(output.plugin.logged.back() ==
          "samples for custom_identifier gone are refused: the API knows no such host");
    output.plugin.unix_ns += 599 * second;
    output.plugin.deliver(records.all);
    CHECK(std::count(api.calls.begin(), api.calls.end(), lookup) == 1);
    output.plugin.unix_ns += second;
    output.plugin.deliver(records.all);
    CHECK(std::count(api.calls.begin(), api.calls.end(), lookup) == 2);
  }

  TEST_CASE("has no use for other records") {
    FakeApi api;
    Output output(api);
    shoal_record event{sizeof(shoal_record), SHOAL_RECORD_EVENT};

    CHECK(output.plugin.deliver({event}).second == Verdicts{delivered});
  }

  TEST_CASE("refuses options that cannot work") {
    PluginFixture no_key(PluginFixture::OptionMap{{"apibase", "http://api.test"}});
    CHECK(no_key.create_status == SHOAL_CONFIG);
    CHECK(no_key.reason == "apikey: expected a Mackerel API key, found none");

    PluginFixture bad_base(PluginFixture::OptionMap{{"apikey", "k"}, {"apibase", "api.test"}});
    CHECK(bad_base.create_status == SHOAL_CONFIG);
    CHECK(bad_base.reason ==
          "apibase: expected a URL such as https://api.mackerelio.com, got \"api.test\"");
  }
}
