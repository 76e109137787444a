// What a plugin said in a round as the report that the agent works with; the same for every
// isolation. Stateless.
#pragma once

#include "plugin/context.h"
#include "plugin/instance.h"

namespace shoal::plugin {

// Of a call that ended with `status`. A check's records are its one result: UNKNOWN with the reason
// if it failed or reported nothing.
RoundReport round_report(const Context& context, Kind kind, const Call& call, CallStatus status,
                         std::string reason, Context::Said said);

// Of start() and stop(), which say nothing but how they went.
RoundReport act_report(CallStatus status, std::string reason, bool is_abandoned);

}  // namespace shoal::plugin
