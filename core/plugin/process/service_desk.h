// Answers what a plugin in a process of its own asks of its host, with the agent's services.
// Thread-safe; answering may block as long as the call lasts.
#pragma once

#include "plugin/context.h"
#include "plugin/wire/messages.h"

namespace shoal::plugin {

// `context` is the asking instance's: whose state, whose host id, whose cancel flag.
wire::Answer answer(const wire::Request& request, const Context& context, SteadyTime deadline);

}  // namespace shoal::plugin
