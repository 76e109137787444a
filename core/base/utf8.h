// Foreign bytes as text that is safe to keep and to show. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shoal {

// How many bytes the well-formed UTF-8 character at the front of `text` has; 0 if it is none or
// `text` is empty.
std::size_t utf8_character_size(std::string_view text);

bool is_utf8(std::string_view bytes);

// `bytes` with U+FFFD for each byte that is not part of a well-formed character; cut before the
// first character that would make it longer than `limit` bytes.
std::string to_utf8(std::string_view bytes, std::size_t limit);

// For a log line or a message: in double quotes, control characters and foreign bytes escaped as in
// C, cut to about `limit` bytes with "..." after the closing quote.
std::string quoted(std::string_view bytes, std::size_t limit);

}  // namespace shoal
