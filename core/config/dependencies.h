// Which checks wait for which. Knows no files.
#pragma once

#include "config/draft.h"
#include "config/problems.h"

namespace shoal::config {

// Names dependencies on what is no check, and those that lead back to where they began.
void check_dependencies(const Draft& draft, Problems& problems);

}  // namespace shoal::config
