#include "payload.h"

#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/recorded.h"

using namespace shoal::mackerel;
using nlohmann::json;
using shoal::text;

namespace {

constexpr std::int64_t second = 1'000'000'000;

// Every path of a JSON value with its type: "/meta/cpu/0/mhz string".
void add_outline(const json& value, const std::string& path, std::set<std::string>& outline) {
  outline.insert(path + " " + value.type_name());
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) add_outline(member, path + "/" + key, outline);
  } else if (value.is_array()) {
    for (const auto& element : value) add_outline(element, path + "/*", outline);
  }
}

std::set<std::string> outline_of(const json& value) {
  std::set<std::string> outline;
  add_outline(value, "", outline);
  return outline;
}

shoal_sample sample(std::string_view name, std::uint32_t origin) {
  shoal_sample made{};
  made.size = sizeof made;
  made.name = text(name);
  made.origin = origin;
  return made;
}

shoal_graph_metric graph_metric(std::string_view name, std::string_view label, bool is_stacked) {
  return {sizeof(shoal_graph_metric), is_stacked ? 1U : 0U, text(name), text(label)};
}

}  // namespace

TEST_SUITE("mackerel payloads") {
  TEST_CASE("prefix what the host does not say about itself") {
    CHECK(metric_name(sample("loadavg5", SHOAL_ORIGIN_HOST)) == "loadavg5");
    CHECK(metric_name(sample("nginx.requests", SHOAL_ORIGIN_CUSTOM)) == "custom.nginx.requests");
    CHECK(metric_name(sample("custom.a.b", SHOAL_ORIGIN_CUSTOM)) == "custom.custom.a.b");
  }

  TEST_CASE("fold labels into the name") {
    const shoal_label device{text("device"), text("/dev/sda")};
    auto labelled = sample("disk.reads", SHOAL_ORIGIN_CUSTOM);
    labelled.labels = {&device, 1, sizeof device};

    CHECK(metric_name(labelled) == "custom.disk.reads._dev_sda");
  }

  TEST_CASE("write points as mackerel-agent does") {
    const std::vector<Point> points{{"2AbCdEfGhIj", "loadavg5", 1'767'366'000 * second, 0.42},
                                    {"2AbCdEfGhIj", "a", 1'767'366'000 * second, 1},
                                    {"2AbCdEfGhIj", "custom.b", 1'767'366'061 * second + 5, 3}};

    const auto written = points_json(points, {true, false, true});

    CHECK(written ==
          R"([{"hostId":"2AbCdEfGhIj","name":"loadavg5","time":1767366000,"value":0.42},)"
          R"({"hostId":"2AbCdEfGhIj","name":"custom.b","time":1767366061,"value":3}])");
    CHECK(outline_of(json::parse(R"([{"hostId":"a","name":"b","time":1,"value":0.5}])")) ==
          outline_of(json::parse(points_json({points[0]}, {true}))));
  }

  TEST_CASE("write every value so that it reads back the same") {
    for (const double value :
         {0.1, 1e21, 1e-7, -0.0, 198.62945010864115, 5e-324, 1.7976931348623157e308}) {
      const auto written = json::parse(points_json({{"h", "n", 0, value}}, {true}));
      CHECK(written[0]["value"].get<double>() == value);
    }
  }

  TEST_CASE("have the shape of recorded points") {
    const auto recorded_points = json::parse(shoal::test::recorded("tsdb.json"));
    std::vector<Point> points;
    for (const auto& point : recorded_points) {
      points.push_back(
          {point["hostId"], point["name"], point["time"].get<int64_t>() * second, point["value"]});
    }

    const auto written = points_json(points, std::vector<bool>(points.size(), true));

    CHECK(json::parse(written) == recorded_points);
  }

  TEST_CASE("have the shape of recorded graph definitions") {
    const auto recorded_graphs = json::parse(shoal::test::recorded("graph-defs.json"));
    const shoal_graph_metric metrics[] = {graph_metric("a", "A", true),
                                          graph_metric("b", "B", false)};
    const shoal_graph_definition graph{sizeof(shoal_graph_definition),
                                       SHOAL_ORIGIN_CUSTOM,
                                       text("script"),
                                       text("Script script"),
                                       text("integer"),
                                       {metrics, 2, sizeof(shoal_graph_metric)}};

    const auto written = json::parse(graphs_json({&graph}));

    REQUIRE(recorded_graphs[4]["name"] == "custom.script");
    CHECK(written[0] == recorded_graphs[4]);
  }

  TEST_CASE("leave out labels and units that were not given") {
    const auto bare = graph_metric("*", "", false);
    const shoal_graph_definition graph{
        sizeof(shoal_graph_definition), SHOAL_ORIGIN_CUSTOM, text("a.#"), text(""), text(""),
        {&bare, 1, sizeof bare}};

    CHECK(graphs_json({&graph}) ==
          R"([{"metrics":[{"isStacked":false,"name":"custom.a.#.*"}],"name":"custom.a.#"}])");
  }

  TEST_CASE("have the shape of a recorded host") {
    const auto recorded_host = json::parse(shoal::test::recorded("hosts.json"));
    auto spec = recorded_host;
    for (const auto* key : {"roleFullnames", "checks", "displayName"}) spec.erase(key);
    for (const auto* key : {"agent-name", "agent-version", "agent-revision"}) {
      spec["meta"].erase(key);
    }
    const auto* jobs =
        R"([{"id":"check:odd","kind":"check","name":"odd","memo":"this is a memo"}])";

    const auto written = json::parse(
        host_json(spec.dump(), jobs, {"peer display", {"My-Service:app", "Another-Service:db"}}));

    CHECK(outline_of(written) == outline_of(recorded_host));
    CHECK(written["roleFullnames"] == recorded_host["roleFullnames"]);
    CHECK(written["displayName"] == "peer display");
    CHECK(written["meta"]["agent-name"] == agent_name());
  }

  TEST_CASE("list the checks of this host only") {
    const auto* jobs = R"([
      {"id": "metric:linux", "kind": "metric", "name": "linux"},
      {"id": "check:web", "kind": "check", "name": "web", "memo": "", "custom_identifier": ""},
      {"id": "check:far", "kind": "check", "name": "far", "custom_identifier": "router"}])";

    const auto host = json::parse(host_json("{}", jobs, {}));

    CHECK(host["checks"] == json::parse(R"([{"name": "web"}])"));
    CHECK(host["roleFullnames"] == json::array());
    CHECK_FALSE(host.contains("displayName"));
  }

  TEST_CASE("tell a status as recorded") {
    CHECK(json::parse(status_json("poweroff")) ==
          json::parse(shoal::test::recorded("status.json")));
  }
}

TEST_SUITE("newest of a minute") {
  TEST_CASE("is kept for each host, name and minute") {
    const std::vector<Point> points{{"h", "a", 60 * second, 1}, {"h", "a", 119 * second, 2},
                                    {"h", "a", 90 * second, 3}, {"h", "a", 120 * second, 4},
                                    {"h", "b", 60 * second, 5}, {"i", "a", 60 * second, 6}};

    CHECK(newest_of_minute(points) == std::vector<bool>{false, true, false, true, true, true});
  }

  TEST_CASE("is the later of two that are as new") {
    CHECK(newest_of_minute({{"h", "a", 60 * second, 1}, {"h", "a", 60 * second, 2}}) ==
          std::vector<bool>{false, true});
  }
}
