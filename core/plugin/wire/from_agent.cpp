// The agent's messages: docs/wire-protocol.md, "From the agent".
#include <algorithm>
#include <array>
#include <limits>

#include <nlohmann/json.hpp>

#include "plugin/wire/fields.h"
#include "plugin/wire/names.h"

namespace shoal::plugin::wire {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 5> act_names{"start", "collect", "check", "deliver", "stop"};
constexpr unsigned wire_version = 1;

template <class Number>
Number clamped(std::uint64_t number) {
  return static_cast<Number>(std::min<std::uint64_t>(
      number, static_cast<std::uint64_t>(std::numeric_limits<Number>::max())));
}

Create parse_create(const Json& json, const Fields& fields) {
  if (fields.needs_number("wire") != wire_version) {
    fields.fail("wire", "this side speaks version 1 only");
  }
  const auto kind = fields.choice("kind", kind_names);
  if (!kind) fields.fail("kind", "is missing");
  const auto options = json.find("options");
  return {.id = fields.needs_number("id"),
          .job = fields.needs_text("job"),
          .kind = static_cast<Kind>(*kind),
          .options_json = options == json.end() ? "{}" : to_text(*options)};
}

Begin parse_begin(const Fields& fields, Act act) {
  Begin begin{.id = fields.needs_number("id"),
              .act = act,
              .attempt = clamped<std::uint32_t>(fields.number("attempt", 1)),
              .scheduled = from_unix_nanoseconds(fields.time_ns("scheduled_ns")),
              .timeout = std::chrono::milliseconds(
                  clamped<std::int32_t>(fields.needs_number("timeout_ms"))),
              .records = {}};
  for (const auto& record : fields.list("records")) begin.records.push_back(parse_record(record));
  return begin;
}

HttpHeaders headers_of(const Fields& fields) {
  HttpHeaders headers;
  for (auto& [key, value] : fields.labels("headers")) {
    headers.emplace_back(std::move(key), std::move(value));
  }
  return headers;
}

Answer parse_answer(const Fields& fields) {
  return {.request = fields.needs_number("request"),
          .status = status_of(fields),
          .reason = fields.text("reason"),
          .value = fields.bytes("value"),
          .http = {.status = clamped<int>(fields.number("http_status")),
                   .retry_after = std::chrono::milliseconds(
                       clamped<std::int32_t>(fields.number("retry_after_ms"))),
                   .headers = headers_of(fields),
                   .body = fields.bytes("body")}};
}

void put_http(Json& json, const HttpResponse& response) {
  json["http_status"] = response.status;
  if (response.retry_after.count() > 0) json["retry_after_ms"] = response.retry_after.count();
  auto& headers = json["headers"] = Json::array();
  for (const auto& [key, value] : response.headers) headers.push_back({key, value});
  put_bytes(json, "body", response.body);
}

}  // namespace

std::string to_json(const Create& message) {
  return to_text({{"type", "create"},
                  {"id", message.id},
                  {"wire", wire_version},
                  {"agent", SHOAL_VERSION},
                  {"job", message.job},
                  {"kind", kind_name(message.kind)},
                  {"options", Json::parse(message.options_json)}});
}

std::string to_json(const Begin& message) {
  Json json{{"type", act_names.at(static_cast<std::size_t>(message.act))},
            {"id", message.id},
            {"attempt", message.attempt},
            {"scheduled_ns", unix_nanoseconds(message.scheduled)},
            {"timeout_ms", message.timeout.count()}};
  if (message.act == Act::deliver) {
    auto& records = json["records"] = Json::array();
    for (const auto& record : message.records) records.push_back(record_json(record));
  }
  return to_text(json);
}

std::string to_json(const Cancel& message) {
  return to_text({{"type", "cancel"}, {"id", message.id}});
}

std::string to_json(const Answer& message, Service service) {
  Json json{
      {"type", "answer"}, {"request", message.request}, {"status", status_name(message.status)}};
  if (!message.reason.empty()) json["reason"] = message.reason;
  if (message.status != CallStatus::ok) return to_text(json);
  if (service == Service::http_request) {
    put_http(json, message.http);
  } else {
    put_bytes(json, "value", message.value);
  }
  return to_text(json);
}

FromAgent parse_from_agent(std::string_view text) {
  const auto json = parse_object(text);
  const auto type = Fields(json, "message").needs_text("type");
  const Fields fields(json, type.substr(0, 20));
  if (type == "create") return parse_create(json, fields);
  if (type == "cancel") return Cancel{fields.needs_number("id")};
  if (type == "answer") return parse_answer(fields);
  const auto act = std::find(act_names.begin(), act_names.end(), type);
  if (act == act_names.end()) fields.fail("type", "is not known");
  return parse_begin(fields, static_cast<Act>(act - act_names.begin()));
}

}  // namespace shoal::plugin::wire
