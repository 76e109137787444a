// What checks say alike. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace shoal::common {

// What a peer said, in one short line that a terminal can show, in quotes.
std::string quoted(std::string_view text);

// What a peer said, with "***" where it repeats the secret; an empty secret is none.
std::string without_secret(std::string text, std::string_view secret);

// The first line of what a peer said, so long as a text of a check can be, for a terminal.
std::string first_line(std::string_view text);

// "0.012 s".
std::string seconds_words(double seconds);

// "45s", "2m 10s", "2h 10m", "3d 4h".
std::string duration_words(std::int64_t seconds);

// "3.2 GiB".
std::string bytes_words(std::uint64_t bytes);

// "12.3%".
std::string percent_words(double percent);

}  // namespace shoal::common
