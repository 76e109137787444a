// The last result of a check, as the agent answers GET /check/NAME and `shoal check` reads and
// prints it. Pure functions.
#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"
#include "record/record.h"

namespace shoal::agent {

struct LastResult {
  record::CheckResult result;
  bool is_command = false;  // its text is as the command printed it, performance data and all
  std::chrono::milliseconds interval{};
  std::chrono::milliseconds timeout{};
};

// One JSON object.
std::string to_json(const LastResult& last, WallTime now);

// Reads what to_json() wrote. Throws Error if it cannot be read.
LastResult last_result_from_json(const std::string& json);

// Why nobody should believe the result any more at this time; empty if it is fresh enough.
std::string staleness(const LastResult& last, WallTime now);

// As a Nagios plugin prints it, with a newline at the end: what a plugin of ours measured stands
// behind a "|" at the end of the first line, what a command printed is left alone.
std::string nagios_text(const record::CheckResult& result, bool is_command);

}  // namespace shoal::agent
