// The checks of a status for a terminal: how many are how, then those that a person should look at.
// Pure functions.
#pragma once

#include <string>

#include "control/status.h"

namespace shoal::control {

std::string checks_text(const Status& status);

// "250us", "1.5s", "12m", "2.3h", "5.1d".
std::string short_duration(std::chrono::nanoseconds duration);
// "15:04:05" in local time, "-" for none.
std::string clock_time(const std::optional<WallTime>& time);

}  // namespace shoal::control
