// /proc/uptime as a number. Pure function.
#pragma once

#include "common/proc_file.h"

namespace shoal::common {

// Seconds since the kernel started. Throws std::runtime_error that names the file when it does not
// begin with them.
double parse_uptime(const FileText& file);

}  // namespace shoal::common
