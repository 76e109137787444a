// What commands print in the formats of others, as samples: those that Sensu knows by these names.
// Labels and tags become labels; characters that no name of ours may have become "_". A line that
// cannot be read costs only itself. Knows no processes. Pure functions, safe from any thread.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "run/exec_output.h"

namespace shoal::run {

// "path[;tag=value...] value time", parted by blanks; a time of -1 is now.
ParsedOutput parse_graphite_plaintext(std::string_view text, const MetricRules& rules,
                                      WallTime scheduled, WallTime finished);

// "measurement[,tag=value...] field=value[,field=value...] [time]": a sample measurement.field for
// each field that is a number or a truth value, 1 or 0. Texts say nothing. The first ten digits of
// the time are the seconds.
ParsedOutput parse_influxdb_line(std::string_view text, const MetricRules& rules,
                                 WallTime scheduled, WallTime finished);

// "[put] name time value [tag=value...]", the time in seconds, or in milliseconds if it has
// thirteen digits.
ParsedOutput parse_opentsdb_line(std::string_view text, const MetricRules& rules,
                                 WallTime scheduled, WallTime finished);

// Prometheus' text exposition 0.0.4: "name{label="value",...} value [milliseconds]". Counters stay
// the totals they are; NaN says nothing.
ParsedOutput parse_prometheus_text(std::string_view text, const MetricRules& rules,
                                   WallTime scheduled, WallTime finished);

}  // namespace shoal::run
