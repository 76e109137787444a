// What the agent and a plugin in a process of its own tell each other, as values and as the JSON of
// docs/wire-protocol.md. Both sides treat the other's JSON as hostile. Stateless.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "plugin/context.h"
#include "plugin/http.h"
#include "plugin/instance.h"
#include "plugin/series_table.h"
#include "record/record.h"

namespace shoal::plugin::wire {

// A message that breaks the rules: "done: status: expected one of ok, nothing, ..., got \"fine\"".
class WireError : public Error {
 public:
  using Error::Error;
};

// ---- from the agent ----

struct Create {
  std::uint64_t id = 0;
  std::string job;
  Kind kind = Kind::metric;
  std::string options_json;
};

enum class Act : std::uint8_t { start, collect, check, deliver, stop };

struct Begin {
  std::uint64_t id = 0;
  Act act = Act::start;
  std::uint32_t attempt = 1;
  WallTime scheduled;
  std::chrono::milliseconds timeout{};
  std::vector<record::Record> records;  // deliver only
};

struct Cancel {
  std::uint64_t id = 0;
};

struct Answer {
  std::uint64_t request = 0;
  CallStatus status = CallStatus::ok;
  std::string reason;
  std::string value;
  HttpResponse http;
};

// ---- from the plugin ----

struct Sample {
  SeriesDefinition series;
  double value = 0;
  std::int64_t time_ns = 0;  // 0: the round's
};

struct Done {
  std::uint64_t id = 0;
  CallStatus status = CallStatus::ok;
  std::string reason;
  std::vector<Sample> samples;
  std::optional<Context::Report> report;
  std::vector<Verdict> verdicts;
  std::optional<std::chrono::milliseconds> retry_after;
  std::optional<WallTime> next_offer;
  std::uint64_t dropped = 0;
};

struct Samples {
  std::uint64_t id = 0;
  std::vector<Sample> samples;
};

struct LogLine {
  std::uint32_t level = 0;
  std::string message;
};

enum class Service : std::uint8_t {
  state_get,
  state_put,
  state_remove,
  http_request,
  host_name,
  host_spec,
  jobs,
  host_id,
  set_host_id
};

struct Request {
  std::uint64_t number = 0;
  Service service = Service::host_name;
  std::string key;
  std::string value;
  HttpRequest http;
};

using FromAgent = std::variant<Create, Begin, Cancel, Answer>;
using FromPlugin = std::variant<Done, Samples, LogLine, Request>;

std::string to_json(const Create& message);
std::string to_json(const Begin& message);
std::string to_json(const Cancel& message);
// The answer to a request for `service`.
std::string to_json(const Answer& message, Service service);
std::string to_json(const Done& message);
std::string to_json(const Samples& message);
std::string to_json(const LogLine& message);
std::string to_json(const Request& message);

// Throw WireError.
FromAgent parse_from_agent(std::string_view json);
FromPlugin parse_from_plugin(std::string_view json);

}  // namespace shoal::plugin::wire
