// The output "mackerel", which an apikey makes out of mackerel-agent's own keys.
#pragma once

#include "config/draft.h"
#include "config/problems.h"

namespace shoal::config {

// Adds the output, or fills in the section [plugin.outputs.mackerel] where someone wrote one to say
// more about it (match, queue_limit, ...); what is written there wins. Nothing without an apikey.
void complete_mackerel_output(Draft& draft, Problems& problems);

}  // namespace shoal::config
