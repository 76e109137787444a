#include "diskstats.h"

#include <algorithm>
#include <array>
#include <optional>

#include "common/fields.h"

namespace shoal::disk {
namespace {

constexpr std::size_t reads = 0;
constexpr std::size_t writes = 4;

struct Line {
  std::string_view device;
  std::array<std::uint64_t, 11> values;  // newer kernels have more
};

// "8 1 sda1 33936 9702 4493362 ...": numbers of the device, its name, its counters.
std::optional<Line> parse_line(std::string_view rest) {
  Line line{};
  common::take_field(rest);
  common::take_field(rest);
  line.device = common::take_field(rest).value_or("");
  for (auto& value : line.values) {
    const auto number = common::take_number(rest);
    if (!number) return std::nullopt;
    value = *number;
  }
  return line;
}

bool is_wanted(const Line& line) {
  return !line.device.starts_with("dm-") &&
         std::any_of(line.values.begin(), line.values.end(), [](auto value) { return value != 0; });
}

}  // namespace

Diskstats parse_diskstats(const common::FileText& file) {
  Diskstats stats;
  std::size_t lines = 0;
  auto rest = file.text;
  while (const auto text = common::take_line(rest)) {
    ++lines;
    const auto line = parse_line(*text);
    if (!line) {
      ++stats.damaged_lines;
    } else if (is_wanted(*line)) {
      stats.devices.push_back({line->device, line->values[reads], line->values[writes]});
    }
  }
  if (lines > 0 && stats.damaged_lines == lines) {
    common::refuse(file, "lines of a device with eleven counters", file.text);
  }
  return stats;
}

}  // namespace shoal::disk
