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

std::string duration_words(std::int64_t seconds) {
  struct Unit {
    std::int64_t seconds;
    char name;
  };
  constexpr std::array<Unit, 4> units{{{86'400, 'd'}, {3'600, 'h'}, {60, 'm'}, {1, 's'}}};
  for (std::size_t i = 0; i + 1 < units.size(); ++i) {
    if (seconds < units[i].seconds) continue;
    const auto rest = seconds % units[i].seconds / units[i + 1].seconds;
    auto words = std::to_string(seconds / units[i].seconds) + units[i].name;
    if (rest > 0) words += " " + std::to_string(rest) + units[i + 1].name;
    return words;
  }
  return std::to_string(seconds) + "s";
}

std::string bytes_words(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> names{"B", "KiB", "MiB", "GiB", "TiB"};
  constexpr double kibi = 1024;
  auto amount = static_cast<double>(bytes);
  std::size_t name = 0;
  while (amount >= kibi && name + 1 < names.size()) {
    amount /= kibi;
    ++name;
  }
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), name == 0 ? "%.0f %s" : "%.1f %s", amount, names[name]);
  return text.data();
}

std::string percent_words(double percent) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.1f%%", percent);
  return text.data();
}

}  // namespace shoal::common
