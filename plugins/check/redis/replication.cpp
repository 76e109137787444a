#include "replication.h"

#include <utility>

#include "common/fields.h"

namespace shoal::redis {

namespace {

// "name:value"; of anything else the name is empty.
std::pair<std::string_view, std::string_view> parted(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  return {line.substr(0, colon), line.substr(colon + 1)};
}

void take(std::string_view name, std::string_view value, Replication& found) {
  if (name == "role") found.role = value;
  if (name == "master_host") found.master = value;
  if (name == "master_port") found.master += ":" + std::string(value);
  if (name == "master_link_status") found.link = value;
  // It says -1 before the first word.
  if (name == "master_last_io_seconds_ago") found.silent_s = common::to_number(value);
  if (name == "master_link_down_since_seconds") found.down_since_s = common::to_number(value);
  if (name == "master_sync_in_progress") found.is_copying = value == "1";
}

}  // namespace

Replication parse_replication(std::string_view info) {
  Replication found;
  while (const auto line = common::take_line(info)) {
    const auto [name, value] = parted(*line);
    take(name, value, found);
  }
  return found;
}

}  // namespace shoal::redis
