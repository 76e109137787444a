#include "conformance/names.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "record/record.h"

namespace shoal::conformance {
namespace {

constexpr std::array<std::string_view, 9> units{"float",     "integer",      "percentage",
                                                "seconds",   "milliseconds", "bytes",
                                                "bytes/sec", "bits/sec",     "iops"};

// Takes the first component off.
std::string_view next_component(std::string_view& name) {
  const auto dot = std::min(name.find('.'), name.size());
  const auto component = name.substr(0, dot);
  name.remove_prefix(std::min(dot + 1, name.size()));
  return component;
}

}  // namespace

std::string series_name_fault(std::string_view name) {
  if (name.starts_with("custom.")) return "begins with \"custom.\"";
  return std::string(record::name_fault(name));
}

std::string pattern_fault(std::string_view pattern) {
  std::string name(pattern);
  for (std::size_t at = name.find('*'); at != std::string::npos; at = name.find('*', at)) {
    const bool is_whole =
        (at == 0 || name[at - 1] == '.') && (at + 1 == name.size() || name[at + 1] == '.');
    if (!is_whole) return "* stands for one whole component";
    name[at] = 'x';
  }
  return series_name_fault(name);
}

bool matches_pattern(std::string_view pattern, std::string_view name) {
  while (!pattern.empty() && !name.empty()) {
    const auto wanted = next_component(pattern);
    const auto found = next_component(name);
    if (wanted != "*" && wanted != found) return false;
  }
  return pattern.empty() && name.empty();
}

bool is_unit(std::string_view unit) {
  return unit.empty() || std::find(units.begin(), units.end(), unit) != units.end();
}

std::string_view plain_unit(std::string_view unit) {
  return unit.empty() ? "float" : unit;
}

bool is_plausible_time(std::int64_t unix_ns) {
  constexpr std::int64_t year_2001 = 978'307'200'000'000'000;
  constexpr std::int64_t year = 366LL * 86'400 * 1'000'000'000;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return unix_ns > year_2001 &&
         unix_ns < std::chrono::duration_cast<std::chrono::nanoseconds>(now).count() + year;
}

}  // namespace shoal::conformance
