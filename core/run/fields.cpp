#include "run/fields.h"

#include <array>

namespace shoal::run {
namespace {

// White space as Go's strings.Fields knows it; returns how many bytes of it stand at the front.
std::size_t space_size(std::string_view text) {
  const char front = text.front();
  if (front == ' ' || (front >= '\t' && front <= '\r')) return 1;
  if (static_cast<unsigned char>(front) < 0x80) return 0;
  constexpr std::array<std::string_view, 19> wide = {
      "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
      "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
      "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
      "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
  for (const std::string_view space : wide) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

}  // namespace

std::string_view take_field(std::string_view& rest) {
  while (!rest.empty() && space_size(rest) != 0) rest.remove_prefix(space_size(rest));
  std::size_t end = 0;
  while (end < rest.size() && space_size(rest.substr(end)) == 0) ++end;
  const std::string_view field = rest.substr(0, end);
  rest.remove_prefix(end);
  return field;
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

}  // namespace shoal::run
