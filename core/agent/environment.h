// What the agent's own environment must be before it runs commands: they inherit it. As
// mackerel-agent does. Call before any thread starts.
#pragma once

#include "config/settings.h"

namespace shoal::agent {

// PATH with the system's directories in front and the plugins' behind, LANG and LC_ALL as C, and
// HTTP_PROXY and HTTPS_PROXY as the configuration says.
void prepare_environment(const config::Settings& settings);

}  // namespace shoal::agent
