// An option that names a state: "ok", "warning", "critical" or "unknown". Pure function.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace shoal {
class Options;
}

namespace shoal::common {

// The option's SHOAL_CHECK_...; that of `fallback` if it is absent. The manifest's enum keeps other
// words out; they would be UNKNOWN.
std::uint32_t status_option(const Options& options, const std::string& name,
                            std::string_view fallback);

}  // namespace shoal::common
