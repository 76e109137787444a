#include "common/words.h"

#include <array>
#include <cstdio>

namespace shoal::common {
namespace {

std::string shown(std::string_view text, std::size_t longest) {
  std::string printable;
  for (const char c : text.substr(0, longest)) printable += c < ' ' || c > '~' ? '?' : c;
  return printable + (text.size() > longest ? "..." : "");
}

}  // namespace

std::string quoted(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return "\"" + shown(text, 80) + "\"";
}

std::string first_line(std::string_view text) {
  return shown(text.substr(0, text.find_first_of("\r\n")), 200);
}

std::string seconds_words(double seconds) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.3f s", seconds);
  return text.data();
}

}  // namespace shoal::common
