#include "base/time_text.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

namespace shoal {

std::string rfc3339(WallTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<time_t>(unix_seconds(time))));
}

}  // namespace shoal
