#include "cpu_times.h"

#include <algorithm>

#include "common/fields.h"

namespace shoal::cpu {
namespace {

constexpr std::size_t user = 0;
constexpr std::size_t guest = 8;
constexpr std::size_t least_columns = 4;

using Difference = std::optional<std::uint64_t>;
using Differences = std::array<Difference, share_names.size()>;

Difference grown(std::uint64_t before, std::uint64_t now) {
  return now >= before ? Difference(now - before) : std::nullopt;
}

Differences differences_between(const CpuTimes& before, const CpuTimes& now) {
  Differences differences;
  const auto columns = std::min({before.columns, now.columns, differences.size()});
  for (std::size_t i = 0; i < columns; ++i) differences[i] = grown(before.ticks[i], now.ticks[i]);
  if (columns <= guest) return differences;

  if (!differences[user] || !differences[guest]) {
    differences[user] = std::nullopt;
  } else {
    // Both are rounded down to ticks, so on a host of virtual machines guest may be one ahead.
    *differences[user] -= std::min(*differences[user], *differences[guest]);
  }
  return differences;
}

std::uint32_t count_cpus(std::string_view rest) {
  std::uint32_t cpus = 0;
  while (const auto line = common::take_line(rest)) {
    if (!line->starts_with("cpu")) break;
    ++cpus;
  }
  return cpus;
}

}  // namespace

CpuTimes parse_stat(const common::FileText& file) {
  auto rest = file.text;
  auto line = common::take_line(rest).value_or("");
  CpuTimes times;
  if (common::take_field(line) == "cpu") {
    while (times.columns < times.ticks.size()) {
      const auto ticks = common::take_number(line);
      if (!ticks) break;
      times.ticks[times.columns++] = *ticks;
    }
  }
  if (times.columns < least_columns) {
    common::refuse(file, "a first line \"cpu\" with at least four numbers", file.text);
  }
  times.cpus = count_cpus(rest);
  if (times.cpus == 0) common::refuse(file, "a line \"cpu0\" after the first", rest);
  return times;
}

CpuShares shares_between(const CpuTimes& before, const CpuTimes& now) {
  const auto differences = differences_between(before, now);
  std::uint64_t total = 0;
  for (const auto& ticks : differences) total += ticks.value_or(0);

  CpuShares shares;
  if (total == 0) return shares;
  const double percent_per_tick = 100.0 * now.cpus / static_cast<double>(total);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (differences[i]) shares[i] = static_cast<double>(*differences[i]) * percent_per_tick;
  }
  return shares;
}

}  // namespace shoal::cpu
