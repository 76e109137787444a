#include "config/duration.h"

#include <array>
#include <charconv>
#include <cmath>

namespace shoal::config {

namespace {

constexpr double minute = 60e9;  // in nanoseconds, as are all units
constexpr double longest_minutes = 100 * 366.0 * 24 * 60;

struct Unit {
  std::string_view name;
  double nanoseconds;
};
// "ms" stands before "m", which it begins with; Go takes both of the letters that look like "µ".
constexpr std::array<Unit, 8> units{{{"ns", 1},
                                     {"us", 1e3},
                                     {"\u00b5s", 1e3},
                                     {"\u03bcs", 1e3},
                                     {"ms", 1e6},
                                     {"s", 1e9},
                                     {"m", 60e9},
                                     {"h", 3600e9}}};

const Unit* unit_at_front(std::string_view text) {
  for (const Unit& unit : units) {
    if (text.starts_with(unit.name)) return &unit;
  }
  return nullptr;
}

// Takes the number in front of `text`, digits with at most one point among them.
std::optional<double> take_number(std::string_view& text) {
  const auto digits = text.substr(0, text.find_first_not_of("0123456789."));
  const char* end = digits.data() + digits.size();
  double number = 0;
  const auto [rest, error] = std::from_chars(digits.data(), end, number, std::chars_format::fixed);
  if (error != std::errc() || rest != end) return std::nullopt;
  text.remove_prefix(digits.size());
  return number;
}

}  // namespace

std::optional<std::chrono::minutes> parse_minutes(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.find_first_not_of("0123456789") == std::string_view::npos) {
    const auto count = take_number(text);
    if (!count || *count > longest_minutes) return std::nullopt;
    return std::chrono::minutes(static_cast<std::int64_t>(*count));
  }
  double sum = 0;
  while (!text.empty()) {
    const auto number = take_number(text);
    const Unit* unit = unit_at_front(text);
    if (!number || !unit) return std::nullopt;
    text.remove_prefix(unit->name.size());
    sum += *number * unit->nanoseconds;
  }
  if (sum > longest_minutes * minute || std::fmod(sum, minute) != 0) return std::nullopt;
  return std::chrono::minutes(static_cast<std::int64_t>(sum / minute));
}

std::optional<std::chrono::minutes> to_minutes(std::int64_t count) {
  if (count < 0 || static_cast<double>(count) > longest_minutes) return std::nullopt;
  return std::chrono::minutes(count);
}

}  // namespace shoal::config
