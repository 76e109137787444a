// Bytes as text. Pure function.
#pragma once

#include <string>
#include <string_view>

namespace shoal::common {

// As RFC 4648 has it, padded with "=".
std::string base64(std::string_view bytes);

}  // namespace shoal::common
