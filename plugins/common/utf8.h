// Where the characters of a UTF-8 text end. Pure function.
#pragma once

#include <cstddef>
#include <string_view>

namespace shoal::common {

// The bytes of the first character of `text`; 0 if they are not UTF-8, or there are none.
std::size_t first_character_length(std::string_view text);

}  // namespace shoal::common
