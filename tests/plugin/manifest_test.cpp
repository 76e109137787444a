#include "plugin/manifest.h"

#include <string>

#include <doctest/doctest.h>

#include "base/error.h"

using namespace shoal;
using namespace shoal::plugin;

namespace {

std::string with(const std::string& member) {
  return R"({"id": "web", "version": "1.0.0", "abi": "1.0", "kind": "check")" +
         (member.empty() ? "" : ", " + member) + "}";
}

std::string fault_of(const std::string& json) {
  try {
    check_abi("web.so", parse_manifest("web.so", json));
  } catch (const PluginError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_SUITE("manifest") {
  TEST_CASE("says who a plugin is and what it needs") {
    const auto manifest = parse_manifest("mackerel.so", R"({
      "id": "mackerel", "version": "1.2.3", "abi": "1.0", "kind": "output", "summary": "posts",
      "needs": ["shoal.http/1", "shoal.identity/1"], "needs_host_abi": "1.0",
      "accepts": ["sample", "event", "poem"], "durable": false, "max_age_seconds": 21600,
      "batch": {"max_records": 1000, "max_bytes": 1048576, "backlog_interval_ms": 500}})");

    CHECK(manifest.id == "mackerel");
    CHECK(manifest.version == "1.2.3");
    CHECK(manifest.abi == AbiVersion{1, 0});
    CHECK(manifest.kind == Kind::output);
    CHECK(manifest.summary == "posts");
    CHECK(manifest.origin == record::Origin::custom);
    CHECK(manifest.needs == std::vector<std::string>{"shoal.http/1", "shoal.identity/1"});
    CHECK(manifest.accepts == std::vector<record::Kind>{record::Kind::sample, record::Kind::event});
    CHECK_FALSE(manifest.is_durable);
    CHECK(manifest.max_age == std::chrono::hours(6));
    CHECK(manifest.batch.max_records == 1000);
    CHECK(manifest.batch.max_bytes == 1048576);
    CHECK(manifest.batch.backlog_interval == std::chrono::milliseconds(500));
  }

  TEST_CASE("lists the series and graphs that a plugin emits") {
    const auto manifest = parse_manifest("cpu.so", R"({
      "id": "cpu", "version": "1.0.0", "abi": "1.0", "kind": "metric", "origin": "host",
      "series": [{"name": "cpu.*.percentage", "kind": "interval", "unit": "percentage"}],
      "graphs": [{"name": "cpu", "label": "CPU", "unit": "percentage",
                  "metrics": [{"name": "user", "label": "User", "stacked": true}]}]})");

    CHECK(manifest.origin == record::Origin::host);
    REQUIRE(manifest.series.size() == 1);
    CHECK(manifest.series[0].name == "cpu.*.percentage");
    CHECK(manifest.series[0].kind == "interval");
    REQUIRE(manifest.graphs.size() == 1);
    CHECK(manifest.graphs[0].origin == record::Origin::host);
    CHECK(manifest.graphs[0].metrics == std::vector<record::GraphMetric>{{"user", "User", true}});
  }

  TEST_CASE("leaves members of a newer SDK alone") {
    CHECK(fault_of(with(R"("colour": "blue")")).empty());
  }

  TEST_CASE("names the member that is wrong") {
    const std::pair<std::string, std::string_view> table[] = {
        {"{", "web.so: manifest: is damaged: not JSON"},
        {"\"id\": \xff", "web.so: manifest: is damaged: not JSON"},
        {"[]", "web.so: manifest: expected an object"},
        {"{}", "web.so: manifest: id: is missing"},
        {R"({"id": "Web"})", "web.so: manifest: id: expected [a-z0-9_], at most 100 of them"},
        {R"({"id": "web", "version": 1})", "web.so: manifest: version: expected a string"},
        {R"({"id": "web", "version": "1", "abi": "x"})",
         "web.so: manifest: abi: expected \"major.minor\", got \"x\""},
        {R"({"id": "web", "version": "1", "abi": "1.0", "kind": "poem"})",
         "web.so: manifest: kind: expected metric, check or output, got \"poem\""},
        {with(R"("needs": [1])"), "web.so: manifest: needs[0]: expected a string"},
        {with(R"("origin": "moon")"), "web.so: manifest: origin: expected \"host\" or nothing"},
        {with(R"("options": {"uri": 3})"), "web.so: manifest: options.uri: expected an object"},
        {with(R"("options": {"uri": {"type": "url"}})"),
         "web.so: manifest: options.uri.type: expected string, integer, number, boolean, array or "
         "object"},
        {with(R"("series": [{"unit": "bytes"}])"), "web.so: manifest: series[0].name: is missing"},
        {with(R"("graphs": [{"name": "a", "metrics": [{"stacked": true}]}])"),
         "web.so: manifest: graphs[0].metrics[0].name: is missing"},
        {with(R"("batch": {"max_records": 0})"),
         "web.so: manifest: batch.max_records: expected a whole number from 1 to 2147483647"}};
    for (const auto& [json, fault] : table) CHECK(fault_of(json) == fault);
  }

  TEST_CASE("is refused when it was built for another major or needs a newer agent") {
    CHECK(fault_of(R"({"id": "a", "version": "1", "abi": "7.0", "kind": "check"})") ==
          "web.so: built for ABI 7, this agent speaks 1; rebuild it");
    CHECK(fault_of(with(R"("needs_host_abi": "1.9")")) ==
          "web.so: needs an agent with ABI 1.9, this one has 1.0");
  }
}
