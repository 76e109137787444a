// How large a mounted file system is and how much of it is used.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sys/statvfs.h>

namespace shoal::filesystem {

// In bytes. What is reserved for root counts neither as size nor as used.
struct Capacity {
  std::uint64_t size;
  std::uint64_t used;
};

// Nothing for file systems without blocks. Pure function.
std::optional<Capacity> capacity_from(const struct statvfs& status);

struct CapacityReading {
  std::optional<Capacity> capacity;
  int error = 0;  // errno of a mount point that cannot be asked
};

// Asks the kernel; for a local device it answers from memory.
CapacityReading read_capacity(const std::string& mount_point);

}  // namespace shoal::filesystem
