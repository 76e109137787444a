#include "base/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <strings.h>

namespace shoal {
namespace {

constexpr std::uint64_t largest = 1ULL << 53;

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array<Unit, 5> duration_units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

constexpr std::array<Unit, 10> size_units{{{"", 1},
                                           {"B", 1},
                                           {"kB", 1'000},
                                           {"MB", 1'000'000},
                                           {"GB", 1'000'000'000},
                                           {"TB", 1'000'000'000'000},
                                           {"KiB", 1ULL << 10},
                                           {"MiB", 1ULL << 20},
                                           {"GiB", 1ULL << 30},
                                           {"TiB", 1ULL << 40}}};

// Takes the number in front of `text`.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number > largest) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<std::uint64_t> multiply(std::uint64_t number, std::uint64_t factor) {
  if (number > largest / factor) return std::nullopt;
  return number * factor;
}

bool is_same_unit(std::string_view left, std::string_view right) {
  return left.size() == right.size() && strncasecmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr std::uint64_t hundred_years = 36'525ULL * 86'400'000;
  std::uint64_t total = 0;
  const auto* next_unit = duration_units.begin();
  do {
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    const auto name = text.substr(0, text.find_first_of("0123456789"));
    const auto* unit = std::find_if(next_unit, duration_units.end(),
                                    [&](const Unit& it) { return it.name == name; });
    if (unit == duration_units.end()) return std::nullopt;
    const auto part = multiply(*number, unit->factor);
    if (!part || *part > hundred_years - total) return std::nullopt;
    total += *part;
    next_unit = unit + 1;
    text.remove_prefix(name.size());
  } while (!text.empty());
  return std::chrono::milliseconds(static_cast<std::int64_t>(total));
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  const auto number = take_number(text);
  if (!number) return std::nullopt;
  const auto* unit = std::find_if(size_units.begin(), size_units.end(),
                                  [&](const Unit& it) { return is_same_unit(it.name, text); });
  if (unit == size_units.end()) return std::nullopt;
  return multiply(*number, unit->factor);
}

}  // namespace shoal
