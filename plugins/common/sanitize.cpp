#include "common/sanitize.h"

#include <algorithm>
#include <cstddef>

namespace shoal::common {
namespace {

bool is_kept(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::size_t length_announced_by(unsigned char lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 1;
}

// `text` is not empty.
std::size_t length_of_first_character(std::string_view text) {
  const auto length = length_announced_by(static_cast<unsigned char>(text.front()));
  const auto rest = text.substr(1, length - 1);
  const bool is_whole =
      rest.size() == length - 1 && std::all_of(rest.begin(), rest.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
      });
  return is_whole ? length : 1;
}

}  // namespace

std::string sanitized(std::string_view name) {
  std::string clean;
  clean.reserve(name.size());
  while (!name.empty()) {
    clean += is_kept(name.front()) ? name.front() : '_';
    name.remove_prefix(length_of_first_character(name));
  }
  return clean;
}

}  // namespace shoal::common
