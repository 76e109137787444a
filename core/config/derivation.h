// From what the files said to what the agent does: flags, defaults, the host's own metrics, and the
// output that an apikey makes. Reads the environment variable MACKEREL_APIKEY.
#pragma once

#include <string>

#include "config/draft.h"
#include "config/problems.h"
#include "config/reader.h"

namespace shoal::config {

Settings derive(Draft draft, const std::string& main_file, const Overrides& overrides,
                Problems& problems);

}  // namespace shoal::config
