#include "common/sanitize.h"

#include <algorithm>
#include <cstddef>

#include "common/utf8.h"

namespace shoal::common {
namespace {

bool is_kept(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

}  // namespace

std::string sanitized(std::string_view name) {
  std::string clean;
  clean.reserve(name.size());
  while (!name.empty()) {
    clean += is_kept(name.front()) ? name.front() : '_';
    name.remove_prefix(std::max(first_character_length(name), std::size_t{1}));
  }
  return clean;
}

}  // namespace shoal::common
