// SHA-256 of bytes in memory, for naming files by their content. Stateless.
#pragma once

#include <string>
#include <string_view>

namespace shoal {

// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace shoal
