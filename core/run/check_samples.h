// The performance data of one command as samples: of a check check.NAME.LABEL. Remembers what its
// counters read last. Not thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "run/exec_output.h"
#include "run/nagios_perfdata.h"

namespace shoal::run {

// `text` as one component of a dotted name: what is none of [A-Za-z0-9_-] becomes "_".
std::string name_component(std::string_view text);

class CheckSamples {
 public:
  // `base` is what all names begin with: "check.web".
  CheckSamples(std::string base, std::chrono::nanoseconds interval)
      : base_(std::move(base)), interval_(interval) {}

  // Of the round planned for `scheduled` that began at `began`: a counter becomes its rate per
  // second since the round before, nothing on first sight, after a reset or a gap of more than
  // three intervals. `rules` name the samples, and choose among the labels as printed.
  ParsedOutput take(PerformanceData data, const MetricRules& rules, WallTime scheduled,
                    SteadyTime began);

 private:
  struct Reading {
    double value = 0;
    SteadyTime began;
    WallTime scheduled;
  };
  using Readings = std::unordered_map<std::string, Reading>;

  std::optional<record::Sample> rate(record::Sample sample, SteadyTime began) const;

  std::string base_;
  std::chrono::nanoseconds interval_;
  Readings last_;  // of the counters seen in the last round
};

}  // namespace shoal::run
