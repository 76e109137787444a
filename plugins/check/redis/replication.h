// What "INFO replication" says of a server's part in it. Pure function.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shoal::redis {

struct Replication {
  std::string role;                           // "master", "slave"; empty: not said
  std::string master;                         // of a replica: "127.0.0.1:6379"
  std::string link;                           // of a replica: "up", "down"
  std::optional<std::uint64_t> silent_s;      // of a replica: since the master said something
  std::optional<std::uint64_t> down_since_s;  // of a replica without a link
  bool is_copying = false;                    // the master's data are on their way
};

Replication parse_replication(std::string_view info);

}  // namespace shoal::redis
