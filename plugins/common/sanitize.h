// Device, mount point and interface names as components of a metric name, the way mackerel-agent
// writes them. Pure function.
#pragma once

#include <string>
#include <string_view>

namespace shoal::common {

// Each character outside [A-Za-z0-9_-] becomes one underscore; a UTF-8 sequence is one character, a
// byte that is not UTF-8 is one too.
std::string sanitized(std::string_view name);

}  // namespace shoal::common
