#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fake_api_test.h"
#include "inventory.h"
#include "payload.h"

using namespace shoal::mackerel;
using namespace shoal::mackerel::test;
using nlohmann::json;

namespace {

constexpr std::uint32_t ok = SHOAL_CHECK_OK;
constexpr std::uint32_t warning = SHOAL_CHECK_WARNING;
constexpr std::uint32_t critical = SHOAL_CHECK_CRITICAL;
constexpr std::uint32_t unknown = SHOAL_CHECK_UNKNOWN;
const auto* const path = "POST /api/v0/monitoring/checks/report";

// The reports of the last request; an empty array if there was none.
json last_reports(const FakeApi& api) {
  const auto body = api.last(path).body;
  return body.empty() ? json::array() : json::parse(body)["reports"];
}

// One check, run again and again.
struct Run {
  FakeApi api;
  Output output{api};
  std::int64_t time_ns = then;

  // Whether this result, as the next, was reported.
  bool reports(std::uint32_t status, std::string_view message) {
    const auto before = api.count(path);
    Records records;
    time_ns += 60 * second;
    CHECK(output.plugin.deliver(records.result("web", status, message, time_ns).all).second ==
          Verdicts{delivered});
    return api.count(path) > before;
  }
};

}  // namespace

TEST_SUITE("mackerel checks") {
  TEST_CASE("are reported in the recorded shape") {
    FakeApi api;
    Output output(api);
    output.plugin.jobs = R"([
      {"kind": "check", "name": "warn", "notification_interval": 60, "max_check_attempts": 3},
      {"kind": "check", "name": "crit"}])";
    Records records;
    records.result("warn", warning, "WARNING something | perf=1;2;3\n", 1'795'292'447 * second)
        .result("crit", critical, "critical 日本語 message\n", 1'795'292'447 * second);

    const auto [status, verdicts] = output.plugin.deliver(records.all);

    CHECK(status == SHOAL_OK);
    CHECK(verdicts == Verdicts{delivered, delivered});
    CHECK(json::parse(api.last(path).body) ==
          json::parse(shoal::test::recorded("checks-report.json")));
  }

  // The table of what mackerel-agent reports, row by row.
  TEST_CASE("are reported unless the API knows: OK a, OK a, OK b, WARNING c twice, ...") {
    Run run;

    CHECK(run.reports(ok, "a"));
    CHECK_FALSE(run.reports(ok, "a"));
    CHECK(run.reports(ok, "b"));
    CHECK(run.reports(warning, "c"));
    CHECK(run.reports(warning, "c"));
    CHECK(run.reports(critical, "c"));
    CHECK(run.reports(ok, "a"));
    CHECK_FALSE(run.reports(ok, "a"));
  }

  TEST_CASE("are never reported as OK with prevent_alert_auto_close, and remembered all the same") {
    Run run;
    run.output.plugin.jobs =
        R"([{"kind": "check", "name": "web", "prevent_alert_auto_close": true}])";

    CHECK_FALSE(run.reports(ok, "a"));
    CHECK(run.reports(critical, "b"));
    CHECK_FALSE(run.reports(ok, "b"));
    CHECK_FALSE(run.reports(ok, "c"));
    CHECK(run.reports(unknown, "d"));
  }

  TEST_CASE("are reported under the rules of a reload from then on") {
    Run run;
    run.reports(critical, "a");
    CHECK_FALSE(last_reports(run.api)[0].contains("notificationInterval"));
    run.output.plugin.jobs = R"([{"kind": "check", "name": "web", "notification_interval": 10}])";

    run.reports(critical, "a");

    CHECK(last_reports(run.api)[0]["notificationInterval"] == 10);
  }

  TEST_CASE("of the past do not undo the present") {
    FakeApi api;
    Output output(api);
    Records fresh;
    Records old;

    output.plugin.deliver(fresh.result("web", ok, "fine", then + 600 * second).all);
    const auto verdicts = output.plugin.deliver(old.result("web", critical, "down").all).second;

    CHECK(verdicts == Verdicts{delivered});
    CHECK(api.count(path) == 1);
  }

  TEST_CASE("are not forgotten when the API does not take them") {
    Run run;
    run.api.exceptions.emplace_back(path, refusal(503, 7000));
    Records records;
    records.result("web", critical, "down");

    CHECK(run.output.plugin.deliver(records.all).first == SHOAL_RETRY);
    CHECK(run.output.plugin.delivery.retry_after_ms == 7000);
    CHECK(run.output.plugin.deliver(records.all).second == Verdicts{delivered});

    CHECK(run.api.count(path) == 2);
  }

  TEST_CASE("are not sent again if what goes with them fails") {
    FakeApi api;
    Output output(api);
    Records records;
    records.result("web", critical, "down").sample("loadavg5", 1);
    api.exceptions.emplace_back("POST /api/v0/tsdb", refusal(500));

    CHECK(output.plugin.deliver(records.all).first == SHOAL_RETRY);
    CHECK(output.plugin.deliver(records.all).second == Verdicts{delivered, delivered});

    CHECK(api.count(path) == 1);
    CHECK(api.count("POST /api/v0/tsdb") == 2);
  }

  TEST_CASE("go a hundred at a time, in order") {
    FakeApi api;
    Output output(api);
    Records records;
    for (int i = 0; i < 250; ++i) records.result("web", critical, "down", then + i * second);

    output.plugin.deliver(records.all);

    CHECK(api.count(path) == 3);
    CHECK(last_reports(api).size() == 50);
    CHECK(last_reports(api)[49]["occurredAt"] == 1'800'000'249);
  }

  TEST_CASE("are sent with the first 1024 characters of their message") {
    FakeApi api;
    Output output(api);
    std::string message;
    for (int i = 0; i < 1025; ++i) message += "語";
    Records records;

    output.plugin.deliver(records.result("web", critical, message).all);

    const auto sent = last_reports(api)[0]["message"].get<std::string>();
    CHECK(sent == message.substr(0, message.size() - 3));
  }

  TEST_CASE("of other hosts are reported under their ids") {
    FakeApi api;
    Output output(api);
    api.exceptions.emplace_back(
        "GET /api/v0/hosts?customIdentifier=router&status=working&status=standby"
        "&status=maintenance&status=poweroff",
        shoal::HttpResponse{200, 0, {}, R"({"hosts":[{"id":"other"}]})"});
    Records records;

    output.plugin.deliver(records.result("ping", critical, "down", then, "router").all);

    CHECK(last_reports(api)[0]["source"] == json::parse(R"({"type":"host","hostId":"other"})"));
  }

  TEST_CASE("of hosts that the API does not know, and with names that it refuses, are rejected") {
    FakeApi api;
    Output output(api);
    api.exceptions.emplace_back(
        "GET /api/v0/hosts?customIdentifier=gone&status=working&status=standby"
        "&status=maintenance&status=poweroff",
        shoal::HttpResponse{200, 0, {}, R"({"hosts":[]})"});
    Records records;
    records.result("ping", critical, "down", then, "gone").result("a b", critical, "down");

    CHECK(output.plugin.deliver(records.all).second == Verdicts{rejected, rejected});

    CHECK(api.count(path) == 0);
    CHECK(output.plugin.logged ==
          std::vector<std::string>{
              "check ping for custom_identifier gone is refused: the API knows no such host",
              "check a b: expected a name of [A-Za-z0-9_-]"});
  }
}
