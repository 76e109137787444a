// The time of day as the host has it, so that a test can say what it is. Any thread.
#pragma once

#include <cstdint>

#include <shoal/plugin.hpp>

namespace shoal::common {

// Unix time in nanoseconds.
inline std::int64_t unix_ns(const Context& context) {
  const auto* clock = static_cast<const shoal_clock*>(context.service(SHOAL_SERVICE_CLOCK));
  return clock->unix_ns(context.raw());
}

}  // namespace shoal::common
