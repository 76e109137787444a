#include "common/words.h"

#include <array>
#include <cstdio>

namespace shoal::common {

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 80;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  std::string quote = "\"";
  for (const char c : text.substr(0, longest)) quote += c < ' ' || c > '~' ? '?' : c;
  return quote + (text.size() > longest ? "...\"" : "\"");
}

std::string without_secret(std::string text, std::string_view secret) {
  if (secret.empty()) return text;
  constexpr std::string_view hidden = "***";
  for (auto at = text.find(secret); at != std::string::npos;
       at = text.find(secret, at + hidden.size())) {
    text.replace(at, secret.size(), hidden);
  }
  return text;
}

std::string seconds_words(double seconds) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.3f s", seconds);
  return text.data();
}

}  // namespace shoal::common
