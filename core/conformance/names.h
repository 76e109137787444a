// Names, units and times as the SDK's headers have them. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace shoal::conformance {

// Why a plugin may not declare a series of this name, or empty.
std::string series_name_fault(std::string_view name);
// Of a manifest, where a component may be *.
std::string pattern_fault(std::string_view pattern);
bool matches_pattern(std::string_view pattern, std::string_view name);

bool is_unit(std::string_view unit);
// Without a unit it is a float.
std::string_view plain_unit(std::string_view unit);

// From 2001 to a year from now: seconds, milliseconds and microseconds are far off.
bool is_plausible_time(std::int64_t unix_ns);

}  // namespace shoal::conformance
