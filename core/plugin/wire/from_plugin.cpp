// The plugin's messages: docs/wire-protocol.md, "From the plugin" and "Services".
#include <algorithm>
#include <array>
#include <limits>

#include <nlohmann/json.hpp>

#include "plugin/wire/fields.h"
#include "plugin/wire/names.h"

namespace shoal::plugin::wire {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 3> series_kinds{"gauge", "counter", "interval"};
constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 9> services{
    "state.get",     "state.put",          "state.remove",
    "http.request",  "identity.host_name", "identity.host_spec",
    "identity.jobs", "identity.host_id",   "identity.set_host_id"};
constexpr std::uint64_t longest_wait_ms = std::numeric_limits<std::int32_t>::max();

std::chrono::milliseconds milliseconds_of(std::uint64_t count) {
  return std::chrono::milliseconds(std::min(count, longest_wait_ms));
}

Sample parse_sample(const Json& json) {
  const Fields fields(json, "sample");
  const auto kind = fields.choice("kind", series_kinds).value_or(0);
  return {.series = {.kind = static_cast<SeriesKind>(kind),
                     .name = fields.needs_text("name"),
                     .unit = fields.text("unit"),
                     .labels = fields.labels("labels"),
                     .per_seconds = fields.real("per_seconds", 1)},
          .value = fields.needs_real("value"),
          .time_ns = fields.time_ns("time_ns")};
}

std::vector<Sample> parse_samples(const Fields& fields) {
  const auto& list = fields.list("samples");
  std::vector<Sample> samples;
  samples.reserve(list.size());
  for (const auto& json : list) samples.push_back(parse_sample(json));
  return samples;
}

Json to_json(const std::vector<Sample>& samples) {
  auto list = Json::array();
  for (const auto& sample : samples) {
    Json json{{"name", sample.series.name}, {"value", sample.value}};
    if (sample.series.kind != SeriesKind::gauge) {
      json["kind"] = series_kinds.at(static_cast<std::size_t>(sample.series.kind));
    }
    if (!sample.series.unit.empty()) json["unit"] = sample.series.unit;
    if (!sample.series.labels.empty()) json["labels"] = labels_json(sample.series.labels);
    if (sample.series.per_seconds != 1) json["per_seconds"] = sample.series.per_seconds;
    if (sample.time_ns != 0) json["time_ns"] = sample.time_ns;
    list.push_back(std::move(json));
  }
  return list;
}

Context::Report parse_report(const Json& json) {
  const Fields fields(json, "report");
  const auto status = fields.needs_number("status");
  const bool is_known = status <= static_cast<std::uint64_t>(record::Status::unknown);
  return {is_known ? static_cast<record::Status>(status) : record::Status::unknown,
          fields.text("text")};
}

std::vector<Verdict> parse_verdicts(const Fields& fields) {
  std::vector<Verdict> verdicts;
  for (const auto& json : fields.list("verdicts")) {
    if (!json.is_number_unsigned() || json.get<std::uint64_t>() > 2) {
      fields.fail("verdicts", "expected numbers 0 to 2");
    }
    verdicts.push_back(static_cast<Verdict>(json.get<std::uint64_t>()));
  }
  return verdicts;
}

Done parse_done(const Json& json, const Fields& fields) {
  Done done{.id = fields.needs_number("id"),
            .status = status_of(fields),
            .reason = fields.text("reason"),
            .samples = parse_samples(fields),
            .report = {},
            .verdicts = parse_verdicts(fields),
            .retry_after = {},
            .next_offer = {},
            .dropped = fields.number("dropped")};
  if (fields.has("report")) done.report = parse_report(json.at("report"));
  if (const auto wait = fields.number("retry_after_ms"); wait > 0) {
    done.retry_after = milliseconds_of(wait);
  }
  if (const auto next = fields.time_ns("next_offer_ns"); next > 0) {
    done.next_offer = from_unix_nanoseconds(next);
  }
  return done;
}

LogLine parse_log(const Fields& fields) {
  return {static_cast<std::uint32_t>(fields.choice("level", levels).value_or(1)),
          fields.text("message")};
}

HttpRequest parse_http(const Fields& fields) {
  HttpRequest request{.method = fields.has("method") ? fields.text("method") : "GET",
                      .url = fields.needs_text("url"),
                      .headers = {},
                      .body = fields.bytes("body"),
                      .keep_alive = fields.boolean("keep_alive", true),
                      .verify = fields.boolean("verify", true),
                      .proxy = fields.text("proxy"),
                      .ca_file = fields.text("ca_file")};
  for (auto& [key, value] : fields.labels("headers")) {
    request.headers.emplace_back(std::move(key), std::move(value));
  }
  if (const auto wait = fields.number("timeout_ms"); wait > 0) {
    request.timeout = milliseconds_of(wait);
  }
  if (const auto most = fields.number("max_response_bytes"); most > 0) {
    request.max_response_bytes = static_cast<std::size_t>(most);
  }
  return request;
}

Request parse_request(const Fields& fields) {
  const auto service = fields.choice("service", services);
  if (!service) fields.fail("service", "is missing");
  Request request{.number = fields.needs_number("request"),
                  .service = static_cast<Service>(*service),
                  .key = fields.text("key"),
                  .value = fields.bytes("value"),
                  .http = {}};
  if (request.service == Service::http_request) request.http = parse_http(fields);
  return request;
}

void put_http(Json& json, const HttpRequest& request) {
  json["method"] = request.method;
  json["url"] = request.url;
  auto& headers = json["headers"] = Json::array();
  for (const auto& [key, value] : request.headers) headers.push_back({key, value});
  if (!request.body.empty()) put_bytes(json, "body", request.body);
  json["timeout_ms"] = request.timeout.count();
  json["max_response_bytes"] = request.max_response_bytes;
  if (!request.proxy.empty()) json["proxy"] = request.proxy;
  if (!request.ca_file.empty()) json["ca_file"] = request.ca_file;
  json["keep_alive"] = request.keep_alive;
  json["verify"] = request.verify;
}

}  // namespace

std::string to_json(const Done& message) {
  Json json{{"type", "done"}, {"id", message.id}, {"status", status_name(message.status)}};
  if (!message.reason.empty()) json["reason"] = message.reason;
  if (!message.samples.empty()) json["samples"] = to_json(message.samples);
  if (message.report) {
    json["report"] = {{"status", static_cast<unsigned>(message.report->status)},
                      {"text", message.report->text}};
  }
  for (const auto verdict : message.verdicts) {
    json["verdicts"].push_back(static_cast<unsigned>(verdict));
  }
  if (message.retry_after) json["retry_after_ms"] = message.retry_after->count();
  if (message.next_offer) json["next_offer_ns"] = unix_nanoseconds(*message.next_offer);
  if (message.dropped > 0) json["dropped"] = message.dropped;
  return to_text(json);
}

std::string to_json(const Samples& message) {
  return to_text({{"type", "samples"}, {"id", message.id}, {"samples", to_json(message.samples)}});
}

std::string to_json(const LogLine& message) {
  return to_text({{"type", "log"},
                  {"level", levels.at(std::min<std::size_t>(message.level, levels.size() - 1))},
                  {"message", message.message}});
}

std::string to_json(const Request& message) {
  Json json{{"type", "request"},
            {"request", message.number},
            {"service", services.at(static_cast<std::size_t>(message.service))}};
  if (!message.key.empty()) json["key"] = message.key;
  if (message.service == Service::state_put || message.service == Service::set_host_id) {
    put_bytes(json, "value", message.value);
  }
  if (message.service == Service::http_request) put_http(json, message.http);
  return to_text(json);
}

FromPlugin parse_from_plugin(std::string_view text) {
  const auto json = parse_object(text);
  const auto type = Fields(json, "message").needs_text("type");
  const Fields fields(json, type.substr(0, 20));
  if (type == "done") return parse_done(json, fields);
  if (type == "samples") return Samples{fields.needs_number("id"), parse_samples(fields)};
  if (type == "log") return parse_log(fields);
  if (type == "request") return parse_request(fields);
  fields.fail("type", "is not known");
}

}  // namespace shoal::plugin::wire
