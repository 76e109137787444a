#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "run/exec_output.h"

using namespace shoal;
using namespace shoal::run;

namespace {

constexpr WallTime now = from_unix_nanoseconds(1'800'000'000'000'000'000);

ParsedOutput parse(std::string_view json, std::string_view prefix = "") {
  return parse_graph_definitions(fmt::format("# mackerel-agent-plugin\n{}", json), prefix, now);
}

record::GraphDefinition graph_of(const ParsedOutput& parsed) {
  REQUIRE(parsed.error == "");
  REQUIRE(parsed.records.size() == 1);
  return std::get<record::GraphDefinition>(parsed.records[0]);
}

constexpr std::string_view dice =
    R"({"graphs":{"super.dice":{"label":"My Dice","unit":"integer",)"
    R"("metrics":[{"name":"d6","label":"Die 6","stacked":false},{"name":"d20","stacked":true}]}}})";

}  // namespace

TEST_SUITE("graph definitions") {
  TEST_CASE("have a label, a unit and metrics") {
    CHECK(graph_of(parse(dice)) ==
          record::GraphDefinition{
              .name = "super.dice",
              .label = "My Dice",
              .unit = "integer",
              .metrics = {{.name = "d6", .label = "Die 6"}, {.name = "d20", .is_stacked = true}},
              .time = now});
  }

  TEST_CASE("are float and without metrics when they do not say") {
    CHECK(graph_of(parse(R"({"graphs":{"x":{}}})")) ==
          record::GraphDefinition{.name = "x", .unit = "float", .time = now});
  }

  TEST_CASE("may use wildcards and get the prefix of their section") {
    const auto graph = graph_of(parse(R"({"graphs":{"a.#":{"metrics":[{"name":"*"}]}}})", "db"));

    CHECK(graph.name == "db.a.#");
    CHECK(graph.metrics.at(0).name == "*");
  }

  TEST_CASE("may spell keys in any case, add keys and be followed by text") {
    const auto graph = graph_of(
        parse(R"({"Graphs":{"x":{"LABEL":"a } \" b","color":"red"}},"n":[1,{}]} and more {)"));

    CHECK(graph.label == "a } \" b");
  }

  TEST_CASE("may hold bytes that are no UTF-8") {
    CHECK(graph_of(parse("{\"graphs\":{\"x\":{\"label\":\"caf\xE9\"}}}")).label ==
          "caf\xEF\xBF\xBD");
  }

  TEST_CASE("need the header of the protocol, else there are none and no error") {
    struct Row {
      std::string_view header;
      bool is_read;
    };
    const Row rows[] = {
        {"# mackerel-agent-plugin\n", true},
        {"#mackerel-agent-plugin\n", true},
        {"# mackerel-agent-plugin \t version=1 more=2\n", true},
        {"# mackerel-agent-plugin version=2\n", false},
        {"# mackerel-agent-plugins\n", false},
        {"# mackerel-agent-plugin", false},
        {" # mackerel-agent-plugin\n", false},
        {"mackerel-agent-plugin\n", false},
        {"a.b\t1\t1700000000\n", false},
        {"", false},
    };

    for (const Row& row : rows) {
      CAPTURE(row.header);
      const ParsedOutput parsed =
          parse_graph_definitions(fmt::format("{}{}", row.header, dice), "", now);
      CHECK(parsed.records.size() == (row.is_read ? 1 : 0));
      CHECK(parsed.error == "");
    }
  }

  TEST_CASE("that cannot be read say what was expected") {
    CHECK(parse("{").error == "graph definitions: expected a JSON value, got \"{\"");
    CHECK(parse("").error == "graph definitions: expected a JSON value, got nothing");
    CHECK(parse("[]").error == "graph definitions: expected an object with a member \"graphs\"");
    CHECK(parse("{}").error == "");
  }

  TEST_CASE("lose only the graph or the metric that is wrong") {
    const ParsedOutput parsed = parse(
        R"({"graphs":{"a b":{},"c":{"label":5},"d":{"metrics":[{"name":""},{"name":"ok"}]}}})");

    CHECK(graph_of(parsed).name == "d");
    CHECK(graph_of(parsed).metrics == std::vector<record::GraphMetric>{{.name = "ok"}});
    CHECK(parsed.dropped == 3);
    CHECK(parsed.faults ==
          std::vector<std::string>{"graph \"a b\": expected a name of [-A-Za-z0-9_], *, # and dots",
                                   "graph \"c\": expected an object with the texts label and unit",
                                   "graph \"d\": expected a metric of name, label and stacked"});
  }
}
