#include "capacity.h"

#include <cerrno>

namespace shoal::filesystem {

std::optional<Capacity> capacity_from(const struct statvfs& status) {
  if (status.f_blocks == 0) return std::nullopt;
  const std::uint64_t block_size = status.f_frsize != 0 ? status.f_frsize : status.f_bsize;
  const std::uint64_t used_blocks =
      status.f_blocks > status.f_bfree ? status.f_blocks - status.f_bfree : 0;
  return Capacity{(used_blocks + status.f_bavail) * block_size, used_blocks * block_size};
}

CapacityReading read_capacity(const std::string& mount_point) {
  struct statvfs status {};
  if (statvfs(mount_point.c_str(), &status) != 0) return {std::nullopt, errno};
  return {capacity_from(status), 0};
}

}  // namespace shoal::filesystem
