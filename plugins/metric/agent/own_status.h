// What /proc/self/status says of this process. Pure function.
#pragma once

#include "common/proc_file.h"

namespace shoal::agent_metric {

struct OwnStatus {
  double resident_bytes = 0;
  double threads = 0;
};

// Throws std::runtime_error that names the file and what is missing.
OwnStatus parse_status(const common::FileText& file);

}  // namespace shoal::agent_metric
