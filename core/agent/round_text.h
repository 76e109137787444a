// One round as one line for a terminal.
#pragma once

#include <string>

#include "run/round.h"

namespace shoal::agent {

// "12:01:00 metric:loadavg ok 0.2ms loadavg1=0.10 loadavg5=0.20"; local time.
std::string round_text(const run::Round& round);

}  // namespace shoal::agent
