// The host's own metrics, which run without being named. Pure functions.
#pragma once

#include "config/draft.h"

namespace shoal::config {

// Adds the jobs that no section spoke of, and to all of them what makes them the host's, with the
// options that [filesystems], [disks] and [interfaces] gave. A section's own options win.
void complete_host_metrics(Draft& draft);

}  // namespace shoal::config
