// The counters of block devices, from /proc/diskstats. Pure function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/proc_file.h"

namespace shoal::disk {

// Operations done since the device appeared.
struct DiskCounters {
  std::string_view device;  // "sda1"; borrowed from the text
  std::uint64_t reads;
  std::uint64_t writes;
};

struct Diskstats {
  std::vector<DiskCounters> devices;
  std::size_t damaged_lines = 0;  // left out
};

// Disks and partitions; without device mapper's devices, whose work is counted at the disk below,
// and those that never did anything, such as unused loop devices. An empty file is a host without
// disks. Throws std::runtime_error that names the file when no line can be read.
Diskstats parse_diskstats(const common::FileText& file);

}  // namespace shoal::disk
