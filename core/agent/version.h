// Which shoal this is; set by the build.
#pragma once

#include <string_view>

namespace shoal {

inline constexpr std::string_view version = SHOAL_VERSION;

// The commit it was built from, or "unknown".
extern const std::string_view revision;

}  // namespace shoal
