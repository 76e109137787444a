// Cutting lines and fields off a text, and reading numbers, without copying or allocating. Pure
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace shoal::common {

// Cuts the next line off `rest`, without its end; nothing when `rest` is empty.
std::optional<std::string_view> take_line(std::string_view& rest);

// Cuts the next run of non-blanks off `rest`; nothing when only blanks are left.
std::optional<std::string_view> take_field(std::string_view& rest);

// The whole of `text` as a number; nothing if it is anything else, or too large.
std::optional<std::uint64_t> to_number(std::string_view text);
std::optional<double> to_decimal(std::string_view text);

// Cuts the next field off `rest` and reads it as a number.
std::optional<std::uint64_t> take_number(std::string_view& rest);

}  // namespace shoal::common
