// What plugins and commands say, as values: the only thing that flows through the stages.
// Plain data; no thread rule of their own. All text is UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"

namespace shoal::record {

// Who speaks for the host itself (bundled host plugins) and who for what runs on it. Names carry no
// "custom."; an output that needs the prefix adds it from this.
enum class Origin : std::uint8_t { host = 0, custom = 1 };

struct Label {
  std::string key;
  std::string value;
  auto operator<=>(const Label&) const = default;
};

// One point of a series.
struct Sample {
  std::string name;           // dotted, [A-Za-z0-9_.-], 1 to 200 bytes
  std::vector<Label> labels;  // in the order the plugin declared them
  std::string unit;           // of the fixed vocabulary in shoal/plugin.h, or empty
  double value = 0;           // finite
  WallTime time;              // scheduled time of the round; rates: start of their interval
  Origin origin = Origin::custom;
  std::string custom_identifier;  // of another host this sample speaks for; empty: this host

  bool operator==(const Sample&) const = default;
};

enum class Status : std::uint8_t { ok = 0, warning = 1, critical = 2, unknown = 3 };

// "OK", "WARNING", "CRITICAL", "UNKNOWN".
std::string_view status_name(Status status);

struct CheckResult {
  std::string name;
  Status status = Status::unknown;
  std::string text;             // what the check printed, at most 64 KiB
  WallTime time;                // scheduled time of the round
  std::vector<Sample> samples;  // performance data
  std::string custom_identifier;

  bool operator==(const CheckResult&) const = default;
};

// A state change or a notice.
struct Event {
  std::string id;
  std::string job;  // "check:web"
  WallTime time;
  Status from = Status::unknown;
  Status to = Status::unknown;
  bool is_hard = true;
  WallTime since;
  std::string text;
  std::string dedupe_key;
  std::vector<Label> links;

  bool operator==(const Event&) const = default;
};

struct Metadata {
  std::string name;
  std::string json;  // one JSON value
  WallTime time;

  bool operator==(const Metadata&) const = default;
};

struct GraphMetric {
  std::string name;  // last component only; may be * or #
  std::string label;
  bool is_stacked = false;

  bool operator==(const GraphMetric&) const = default;
};

struct GraphDefinition {
  std::string name;  // dotted; components may be * or #
  std::string label;
  std::string unit;
  std::vector<GraphMetric> metrics;
  Origin origin = Origin::custom;
  WallTime time;

  bool operator==(const GraphDefinition&) const = default;
};

using Record = std::variant<Sample, CheckResult, Event, Metadata, GraphDefinition>;

// The value of Record::index(), by name; stored in the queue, so never renumbered.
enum class Kind : std::uint8_t {
  sample = 0,
  check_result = 1,
  event = 2,
  metadata = 3,
  graph_definition = 4
};

inline Kind kind_of(const Record& record) {
  return static_cast<Kind>(record.index());
}
WallTime time_of(const Record& record);

// What routes and status call a record: "sample:loadavg5", "check:web", "event:check:web",
// "metadata:packages", "graph:super.dice".
std::string route_key(const Record& record);

// Why `name` cannot name a series, or empty when it can.
std::string_view name_fault(std::string_view name);

}  // namespace shoal::record
