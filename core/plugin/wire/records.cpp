// The records that are offered to an output: docs/wire-protocol.md, "Records offered to an output".
#include <array>

#include <nlohmann/json.hpp>

#include "plugin/wire/fields.h"

namespace shoal::plugin::wire {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 5> kinds{"sample", "check_result", "event", "metadata",
                                                "graph_definition"};
constexpr std::array<std::string_view, 2> origins{"host", "custom"};

std::string_view origin_name(record::Origin origin) {
  return origins.at(static_cast<std::size_t>(origin));
}

record::Origin origin_of(const Fields& fields) {
  return fields.choice("origin", origins) == 0 ? record::Origin::host : record::Origin::custom;
}

record::Status status_of(const Fields& fields, const char* name) {
  const auto number = fields.needs_number(name);
  if (number > 3) fields.fail(name, "expected 0 to 3");
  return static_cast<record::Status>(number);
}

WallTime time_of(const Fields& fields, const char* name = "time_ns") {
  return from_unix_nanoseconds(fields.time_ns(name));
}

void put(Json& json, const char* name, const std::string& text) {
  if (!text.empty()) json[name] = text;
}

void put(Json& json, const char* name, const std::vector<record::Label>& labels) {
  if (!labels.empty()) json[name] = labels_json(labels);
}

Json to_json(const record::Sample& sample) {
  Json json{{"name", sample.name},
            {"value", sample.value},
            {"time_ns", unix_nanoseconds(sample.time)},
            {"origin", origin_name(sample.origin)}};
  put(json, "unit", sample.unit);
  put(json, "labels", sample.labels);
  put(json, "custom_identifier", sample.custom_identifier);
  return json;
}

Json to_json(const record::CheckResult& result) {
  Json json{{"name", result.name},
            {"status", static_cast<unsigned>(result.status)},
            {"text", result.text},
            {"time_ns", unix_nanoseconds(result.time)}};
  for (const auto& sample : result.samples) json["samples"].push_back(to_json(sample));
  put(json, "custom_identifier", result.custom_identifier);
  return json;
}

Json to_json(const record::Event& event) {
  Json json{{"id", event.id},
            {"job", event.job},
            {"from", static_cast<unsigned>(event.from)},
            {"to", static_cast<unsigned>(event.to)},
            {"is_hard", event.is_hard},
            {"time_ns", unix_nanoseconds(event.time)},
            {"since_ns", unix_nanoseconds(event.since)},
            {"text", event.text}};
  put(json, "dedupe_key", event.dedupe_key);
  put(json, "links", event.links);
  return json;
}

Json to_json(const record::Metadata& metadata) {
  return {{"name", metadata.name},
          {"json", metadata.json},
          {"time_ns", unix_nanoseconds(metadata.time)}};
}

Json to_json(const record::GraphDefinition& graph) {
  Json json{{"name", graph.name},
            {"label", graph.label},
            {"unit", graph.unit},
            {"origin", origin_name(graph.origin)},
            {"time_ns", unix_nanoseconds(graph.time)},
            {"metrics", Json::array()}};
  for (const auto& metric : graph.metrics) {
    json["metrics"].push_back(
        {{"name", metric.name}, {"label", metric.label}, {"is_stacked", metric.is_stacked}});
  }
  return json;
}

record::Sample parse_sample(const Json& json) {
  const Fields fields(json, "sample");
  return {.name = fields.needs_text("name"),
          .labels = fields.labels("labels"),
          .unit = fields.text("unit"),
          .value = fields.needs_real("value"),
          .time = time_of(fields),
          .origin = origin_of(fields),
          .custom_identifier = fields.text("custom_identifier")};
}

record::CheckResult parse_check_result(const Fields& fields) {
  record::CheckResult result{.name = fields.needs_text("name"),
                             .status = status_of(fields, "status"),
                             .text = fields.text("text"),
                             .time = time_of(fields),
                             .samples = {},
                             .custom_identifier = fields.text("custom_identifier")};
  for (const auto& sample : fields.list("samples")) result.samples.push_back(parse_sample(sample));
  return result;
}

record::Event parse_event(const Fields& fields) {
  return {.id = fields.text("id"),
          .job = fields.text("job"),
          .time = time_of(fields),
          .from = status_of(fields, "from"),
          .to = status_of(fields, "to"),
          .is_hard = fields.boolean("is_hard", true),
          .since = time_of(fields, "since_ns"),
          .text = fields.text("text"),
          .dedupe_key = fields.text("dedupe_key"),
          .links = fields.labels("links")};
}

record::GraphDefinition parse_graph(const Fields& fields) {
  record::GraphDefinition graph{.name = fields.needs_text("name"),
                                .label = fields.text("label"),
                                .unit = fields.text("unit"),
                                .metrics = {},
                                .origin = origin_of(fields),
                                .time = time_of(fields)};
  for (const auto& json : fields.list("metrics")) {
    const Fields metric(json, "graph_definition: metrics");
    graph.metrics.push_back(
        {metric.text("name"), metric.text("label"), metric.boolean("is_stacked", false)});
  }
  return graph;
}

}  // namespace

Json record_json(const record::Record& record) {
  auto json = std::visit([](const auto& one) { return to_json(one); }, record);
  json["kind"] = kinds.at(record.index());
  return json;
}

record::Record parse_record(const Json& json) {
  const Fields fields(json, "record");
  const auto kind = fields.choice("kind", kinds);
  if (!kind) fields.fail("kind", "is missing");
  switch (static_cast<record::Kind>(*kind)) {
    case record::Kind::sample:
      return parse_sample(json);
    case record::Kind::check_result:
      return parse_check_result(fields);
    case record::Kind::event:
      return parse_event(fields);
    case record::Kind::metadata:
      return record::Metadata{fields.needs_text("name"), fields.text("json"), time_of(fields)};
    case record::Kind::graph_definition:
      return parse_graph(fields);
  }
  fields.fail("kind", "is not known");
}

}  // namespace shoal::plugin::wire
