// Lines and fields of what commands print. Pure functions.
#pragma once

#include <string_view>

namespace shoal::run {

// Takes the first line off the front of `rest`, without its end.
std::string_view take_line(std::string_view& rest);

// Takes the next field off the front of `rest`, parted by white space as Go's strings.Fields knows
// it; empty when there is none.
std::string_view take_field(std::string_view& rest);

}  // namespace shoal::run
