#include "replication.h"

#include "common/fields.h"

namespace shoal::redis {

Replication parse_replication(std::string_view info) {
  Replication found;
  std::string host, port;
  while (const auto line = common::take_line(info)) {
    auto value = *line;
    if (value.ends_with('\r')) value.remove_suffix(1);
    const auto colon = value.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = value.substr(0, colon);
    value.remove_prefix(colon + 1);
    if (name == "role") found.role = value;
    if (name == "master_host") host = value;
    if (name == "master_port") port = value;
    if (name == "master_link_status") found.link = value;
    // It says -1 before the first word.
    if (name == "master_last_io_seconds_ago") found.silent_s = common::to_number(value);
    if (name == "master_link_down_since_seconds") found.down_since_s = common::to_number(value);
    if (name == "master_sync_in_progress") found.is_copying = value == "1";
  }
  if (!host.empty()) found.master = host + ":" + port;
  return found;
}

}  // namespace shoal::redis
