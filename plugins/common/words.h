// What checks say alike. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace shoal::common {

// What a peer said, in one short line that a terminal can show, in quotes.
std::string quoted(std::string_view text);

// What a peer said, with "***" where it repeats the secret; an empty secret is none.
std::string without_secret(std::string text, std::string_view secret);

// "0.012 s".
std::string seconds_words(double seconds);

}  // namespace shoal::common
