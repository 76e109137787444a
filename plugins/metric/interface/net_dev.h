// The counters of network interfaces, from /proc/net/dev. Pure function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/proc_file.h"

namespace shoal::interface {

// Bytes since the interface appeared.
struct InterfaceCounters {
  std::string_view name;  // "eth0.100"; borrowed from the text
  std::uint64_t received_bytes;
  std::uint64_t sent_bytes;
};

struct NetDev {
  std::vector<InterfaceCounters> interfaces;
  std::size_t damaged_lines = 0;  // left out
};

// All interfaces but the loopback "lo". Throws std::runtime_error that names the file when no line
// can be read.
NetDev parse_net_dev(const common::FileText& file);

}  // namespace shoal::interface
