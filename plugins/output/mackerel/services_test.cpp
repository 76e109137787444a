#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fake_api_test.h"

using namespace shoal::mackerel::test;
using nlohmann::json;

namespace {

const auto* const path = "POST /api/v0/services/Shop/tsdb";

}  // namespace

TEST_SUITE("mackerel services") {
  TEST_CASE("get their metrics in a request of their own, without host and prefix") {
    FakeApi api;
    Output output(api);
    Records records;
    records.sample("orders", 3, "service:Shop").sample("loadavg5", 1);

    CHECK(output.plugin.deliver(records.all).second == Verdicts{delivered, delivered});

    CHECK(api.last(path).body == R"([{"name":"orders","time":1800000000,"value":3}])");
    CHECK(json::parse(api.last("POST /api/v0/tsdb").body).size() == 1);
  }

  TEST_CASE("that are busy do not hold up hosts") {
    FakeApi api;
    Output output(api);
    Records records;
    records.sample("orders", 3, "service:Shop").sample("loadavg5", 1);
    api.exceptions.emplace_back(path, refusal(429));

    CHECK(output.plugin.deliver(records.all).second == Verdicts{retry, delivered});

    CHECK(output.plugin.logged.back() ==
          "metrics of service Shop are kept for later: POST /api/v0/services/Shop/tsdb: HTTP 429: "
          "told so");
  }

  TEST_CASE("refuse one metric and get the others") {
    FakeApi api;
    Output output(api);
    Records records;
    records.sample("bad", 3, "service:Shop").sample("good", 4, "service:Shop");
    api.exceptions.emplace_back(path, refusal(400));
    api.exceptions.emplace_back(path, refusal(400));

    CHECK(output.plugin.deliver(records.all).second == Verdicts{rejected, delivered});

    CHECK(output.plugin.reason ==
          "service metric bad: POST /api/v0/services/Shop/tsdb: HTTP 400: told so");
  }
}
