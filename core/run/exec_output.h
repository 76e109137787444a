// What commands print, as records: metric lines, graph definitions, check texts and metadata in the
// dialects of mackerel-agent. Knows no processes. Pure functions, safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/child_process.h"
#include "base/clock.h"
#include "base/pattern.h"
#include "record/record.h"

namespace shoal::run {

inline constexpr std::size_t longest_check_text = 64UL * 1024;
inline constexpr std::size_t longest_metric_line = 4096;
inline constexpr std::size_t most_samples = 100'000;
inline constexpr std::size_t most_faults = 5;

// How the lines of one metric section become samples.
struct MetricRules {
  std::optional<Pattern> include;  // searched in the name as printed; absent: all
  std::optional<Pattern> exclude;  // after include
  bool use_plugin_timestamp = false;
  std::string metric_prefix;      // put before the name with a dot; empty: none
  std::string custom_identifier;  // of the host the samples speak for

  bool wants(std::string_view name) const;
};

struct ParsedOutput {
  std::vector<record::Record> records;
  std::uint64_t dropped = 0;
  std::vector<std::string> faults;  // the first of them: where, what was found
  std::string error;                // why nothing could be read at all; empty if it could

  void drop(std::string fault);
  // Said like a dropped line, but costs none.
  void note(std::string fault);
};

// Lines "name value time", parted by any white space. A line of fewer fields is no metric line and
// no fault. Samples carry `scheduled`, or the plugin's own time if the rules say so and it is less
// than 15 minutes from `finished`. Of two lines with one name and time the later counts.
ParsedOutput parse_metric_lines(std::string_view text, const MetricRules& rules, WallTime scheduled,
                                WallTime finished);

// What a metric command prints when it is run with MACKEREL_AGENT_PLUGIN_META=1. Nothing at all if
// the first line is not the header of that protocol.
ParsedOutput parse_graph_definitions(std::string_view text, std::string_view metric_prefix,
                                     WallTime time);

// One JSON value of any type, kept as it was printed.
ParsedOutput parse_metadata(std::string_view text, std::string_view name, WallTime time);

// 0 to 3 as they are named, anything else UNKNOWN.
record::Status check_status(const ExitStatus& exit);
// As printed, but UTF-8 and at most 64 KiB.
std::string check_text(std::string_view output);

}  // namespace shoal::run
