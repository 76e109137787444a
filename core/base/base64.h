// Base64 (RFC 4648, section 4, with padding), for bytes that must travel as text. Stateless.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace shoal {

std::string to_base64(std::string_view bytes);
// Empty if it is not base64: another character, a length that is no multiple of four, padding
// elsewhere than at the end.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace shoal
