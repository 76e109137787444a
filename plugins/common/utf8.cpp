#include "common/utf8.h"

#include <algorithm>

namespace shoal::common {
namespace {

using Byte = unsigned char;

std::size_t announced_length(Byte lead) {
  if (lead <= 0x7F) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// Longer than needed, half of a UTF-16 pair, or beyond the last character.
bool is_forbidden(Byte lead, Byte second) {
  return (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
         (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
}

}  // namespace

std::size_t first_character_length(std::string_view text) {
  const auto length = text.empty() ? 0 : announced_length(static_cast<Byte>(text.front()));
  if (length <= 1) return length;
  const auto rest = text.substr(1, length - 1);
  const bool is_whole =
      rest.size() == length - 1 && std::all_of(rest.begin(), rest.end(), [](char byte) {
        return (static_cast<Byte>(byte) & 0xC0) == 0x80;
      });
  if (!is_whole) return 0;
  return is_forbidden(static_cast<Byte>(text[0]), static_cast<Byte>(text[1])) ? 0 : length;
}

}  // namespace shoal::common
