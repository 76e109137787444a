// What checks say alike. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace shoal::common {

// What a peer said, in one short line that a terminal can show, in quotes.
std::string quoted(std::string_view text);

// The first line of what a peer said, so long as a text of a check can be, for a terminal.
std::string first_line(std::string_view text);

// "0.012 s".
std::string seconds_words(double seconds);

}  // namespace shoal::common
