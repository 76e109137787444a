// The state of every stage as plain values at one moment, and how it is shown: JSON for programs,
// aligned text for people. Filled by the pipeline; knows no other stage. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace shoal::control {

// What the alert stage makes of a check.
struct CheckStatus {
  std::string status;       // of the last result: "OK", ...
  std::string hard_status;  // what people are told
  bool is_heard = false;    // whether there was a result at all
  int attempts = 0;         // results in a row that were not OK
  int max_attempts = 1;
  std::optional<WallTime> since;  // when the status began
  std::string text;               // first line of the last result's
  bool is_acknowledged = false;
  std::string acknowledged_by;
  std::optional<WallTime> acknowledged_until;
  std::string comment;
  bool is_silenced = false;
  bool is_flapping = false;
  bool is_stale = false;        // it is UNKNOWN because it says nothing
  std::string silence;          // the name of the one that is on
  std::string waits_for;        // the check that has to be well first
  std::uint64_t held_back = 0;  // changes and notices that were not told when they came
};

struct JobStatus {
  std::string id;    // "metric:nginx"
  std::string what;  // "plugin nginx", "command mackerel-plugin-linux"
  std::chrono::milliseconds interval{};
  std::string state;  // "waiting", "running", "stuck", "quarantined"
  std::optional<WallTime> last_scheduled;
  std::optional<WallTime> next;
  std::chrono::nanoseconds last_duration{};
  std::string last_outcome;  // "ok", "failed", ...; empty before the first round
  std::string last_reason;
  std::uint64_t last_records = 0;
  std::uint64_t rounds = 0;
  std::uint64_t failures = 0;  // rounds that were not ok
  std::uint64_t missed = 0;    // rounds skipped because the one before was still running
  std::uint64_t dropped = 0;   // lines and points that could not become records
  std::string version;         // of the plugin; empty for commands, as the next two
  std::string content;         // SHA-256 of its file, as it was loaded
  std::string isolation;       // "inline", "process"
  int process_id = 0;          // of an isolated plugin at present
  std::uint64_t deaths = 0;    // of its processes
  std::string last_death;      // how the last one ended
  std::optional<CheckStatus> check;
};

struct OutputStatus {
  std::string name;
  std::string plugin;
  std::string state;  // "idle", "delivering", "waiting", "failing", "stopped"
  std::string last_error;
  std::optional<WallTime> failing_since;
  std::optional<WallTime> last_success;
  std::optional<WallTime> next_try;
  std::optional<WallTime> oldest_pending;
  std::uint64_t pending_bytes = 0;
  bool is_durable = true;
  // accepted = delivered + rejected + expired + dropped + lost + pending
  std::uint64_t accepted = 0;
  std::uint64_t delivered = 0;
  std::uint64_t rejected = 0;
  std::uint64_t expired = 0;
  std::uint64_t dropped = 0;
  std::uint64_t lost = 0;
  std::uint64_t pending = 0;
  std::string isolation;  // as of jobs, all four
  int process_id = 0;
  std::uint64_t deaths = 0;
  std::string last_death;
};

// The listener for messages of people and scripts.
struct RelayStatus {
  std::string address;
  std::uint64_t taken = 0;      // requests whose message is on disk
  std::uint64_t malformed = 0;  // requests refused, by why
  std::uint64_t unknown_tags = 0;
  std::uint64_t over_rate = 0;
  std::uint64_t not_kept = 0;
};

struct Status {
  std::string version;
  std::string configuration;  // main file or "(built in)"
  int pid = 0;
  WallTime started;
  WallTime now;
  std::uint64_t resident_bytes = 0;
  std::uint64_t anonymous_bytes = 0;
  std::chrono::milliseconds cpu_time{};
  std::uint64_t displaced_rounds = 0;  // rounds that the commit queue had no room for
  std::optional<WallTime> last_reload;
  std::string last_reload_error;     // empty when the last reload took effect
  std::vector<std::string> notices;  // what a person should know: a queue set aside, a full disk
  std::vector<JobStatus> jobs;
  std::vector<OutputStatus> outputs;
  std::optional<RelayStatus> relay;  // absent: none is configured
};

// One JSON object; times are RFC 3339 in UTC, durations in seconds.
std::string to_json(const Status& status);

// Reads what to_json() wrote (the CLI shows the answer of a running agent). Throws Error if it
// cannot be read.
Status from_json(const std::string& json);

// For a terminal: jobs and outputs as aligned tables, problems first.
std::string to_text(const Status& status);

// Resident and anonymous memory and CPU time of this process, into `status`.
void measure_self(Status& status);

}  // namespace shoal::control
