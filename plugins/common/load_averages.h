// /proc/loadavg as numbers. Pure function.
#pragma once

#include "common/proc_file.h"

namespace shoal::common {

struct LoadAverages {
  double one_minute;
  double five_minutes;
  double fifteen_minutes;
};

// Throws std::runtime_error that names the file when it does not begin with three numbers.
LoadAverages parse_loadavg(const FileText& file);

}  // namespace shoal::common
