// The performance data in what a Nagios plugin prints: label=value[unit][;warning;critical;min;max]
// behind the first "|" of the first line, and from the first "|" of the later lines to the end.
// Thresholds and bounds are not kept. Pure functions, safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "run/exec_output.h"

namespace shoal::run {

// A number in its base unit: seconds, bytes (a KB is 1,024 of them), percentage, or none.
struct Quantity {
  double value = 0;
  std::string_view unit;
  bool is_counter = false;  // it only grows; of interest is how fast
};

struct PerformanceDatum {
  std::string label;  // as printed, without its quotes
  Quantity quantity;
};

struct PerformanceData {
  std::vector<PerformanceDatum> data;
  std::uint64_t dropped = 0;
  std::vector<std::string> faults;  // the first of them
};

// Items that cannot be read cost only themselves. One whose value is "U", undetermined, says
// nothing and is no fault. Of output that was cut short the last item is not believed.
PerformanceData parse_nagios_perfdata(std::string_view output, bool is_complete = true);

}  // namespace shoal::run
