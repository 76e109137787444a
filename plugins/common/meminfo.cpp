#include "common/meminfo.h"

#include <algorithm>
#include <array>
#include <string>

#include "common/fields.h"

namespace shoal::common {
namespace {

struct Line {
  std::string_view key;
  std::optional<std::uint64_t>* bytes;
};

std::uint64_t parse_bytes(std::string_view rest, std::string_view line, const FileText& file) {
  const auto kilobytes = take_number(rest);
  if (!kilobytes || take_field(rest) != "kB") {
    refuse(file, "a number of kB in each line", line);
  }
  return *kilobytes * 1024;
}

void require(bool is_there, std::string_view lines, const FileText& file) {
  if (!is_there) refuse(file, lines, file.text);
}

}  // namespace

Meminfo parse_meminfo(const FileText& file) {
  Meminfo meminfo;
  std::optional<std::uint64_t> total;
  const std::array<Line, 8> wanted = {{{"MemTotal:", &total},
                                       {"MemAvailable:", &meminfo.available},
                                       {"MemFree:", &meminfo.free},
                                       {"Buffers:", &meminfo.buffers},
                                       {"Cached:", &meminfo.cached},
                                       {"SwapTotal:", &meminfo.swap_total},
                                       {"SwapFree:", &meminfo.swap_free},
                                       {"SwapCached:", &meminfo.swap_cached}}};
  auto rest = file.text;
  while (auto line = take_line(rest)) {
    auto fields = *line;
    const auto key = take_field(fields);
    const auto found = std::find_if(wanted.begin(), wanted.end(),
                                    [&](const Line& known) { return known.key == key; });
    if (found != wanted.end()) *found->bytes = parse_bytes(fields, *line, file);
  }

  require(total.has_value(), "a line MemTotal:", file);
  require(meminfo.available || (meminfo.free && meminfo.buffers && meminfo.cached),
          "a line MemAvailable:, or MemFree:, Buffers: and Cached:", file);
  meminfo.total = *total;
  return meminfo;
}

std::uint64_t used_bytes(const Meminfo& meminfo) {
  const auto unused =
      meminfo.available ? *meminfo.available : *meminfo.free + *meminfo.buffers + *meminfo.cached;
  // In a container the limit may be shown beside the host's free memory.
  return meminfo.total - std::min(unused, meminfo.total);
}

}  // namespace shoal::common
