// Times as text. Pure functions.
#pragma once

#include <string>

#include "base/clock.h"

namespace shoal {

// "2026-01-02T15:04:05Z"; UTC, whole seconds (RFC 3339).
std::string rfc3339(WallTime time);

}  // namespace shoal
