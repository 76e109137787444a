// The file systems of this host, as `df -Pkl` would list them: local, not empty, not hidden by a
// later mount, each once. Pure but for measure_system().
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shoal::plugin::host {

struct FileSystemSize {
  std::uint64_t total_kb = 0;
  std::uint64_t used_kb = 0;
  std::uint64_t available_kb = 0;
};

struct FileSystem {
  std::string device;
  std::string mount_point;
  FileSystemSize size;
};

// Nothing if the file system at that mount point cannot be measured.
using Measure = std::function<std::optional<FileSystemSize>(const std::string& mount_point)>;

// By statvfs().
std::optional<FileSystemSize> measure_system(const std::string& mount_point);

// In mount order, from the text of /proc/self/mountinfo. Only local ones are measured, so a dead
// file server cannot hang it.
std::vector<FileSystem> file_systems(std::string_view mountinfo, const Measure& measure);

// As df tells it: rounded up, "22%".
std::string percent_used(const FileSystemSize& size);

}  // namespace shoal::plugin::host
