#include "net_dev.h"

#include <array>
#include <optional>

#include "common/fields.h"

namespace shoal::interface {
namespace {

constexpr std::size_t received_bytes = 0;
constexpr std::size_t sent_bytes = 8;

// "  eth0:40926610 1169 ...": old kernels put no blank after the colon, and an alias has one in its
// name.
std::optional<InterfaceCounters> parse_line(std::string_view line, std::size_t colon) {
  auto name = line.substr(0, colon);
  auto rest = line.substr(colon + 1);
  std::array<std::uint64_t, 16> values{};
  for (auto& value : values) {
    const auto number = common::take_number(rest);
    if (!number) return std::nullopt;
    value = *number;
  }
  const auto trimmed = common::take_field(name);
  if (!trimmed) return std::nullopt;
  return InterfaceCounters{*trimmed, values[received_bytes], values[sent_bytes]};
}

}  // namespace

NetDev parse_net_dev(const common::FileText& file) {
  NetDev net_dev;
  bool has_any = false;
  auto rest = file.text;
  while (const auto line = common::take_line(rest)) {
    const auto colon = line->rfind(':');
    if (colon == std::string_view::npos) continue;  // the two lines of headings
    const auto counters = parse_line(*line, colon);
    has_any |= counters.has_value();
    if (!counters) {
      ++net_dev.damaged_lines;
    } else if (counters->name != "lo") {
      net_dev.interfaces.push_back(*counters);
    }
  }
  if (!has_any) common::refuse(file, "lines of an interface with sixteen counters", file.text);
  return net_dev;
}

}  // namespace shoal::interface
