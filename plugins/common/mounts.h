// The mounted block devices of this host, chosen as `df -l` chooses them, but without running it.
// Knows nothing of the SDK. Pure but for asking the caller's functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/proc_file.h"

namespace shoal::common {

struct Mount {
  std::string device;       // "/dev/sda1", "tmpfs", "server:/export"
  std::string mount_point;  // as seen by this process
  std::string type;         // "ext4"
  std::string root;         // what of the file system is mounted: "/" or a subdirectory
  // As st_dev has it; nothing for file systems that invent numbers, such as btrfs.
  std::optional<std::uint64_t> device_number;

  bool operator==(const Mount&) const = default;
};

// The lines of mountinfo, in mount order. Throws std::runtime_error that names the file when there
// is none, or one without a device.
std::vector<Mount> parse_mountinfo(const FileText& file);

// What the choice needs to know of the running system; each answers nothing if it cannot be known.
struct MountFacts {
  // st_dev of the directory.
  std::function<std::optional<std::uint64_t>(const std::string& mount_point)> device_number;
  // The path with its links followed.
  std::function<std::optional<std::string>(const std::string& path)> resolved;
};

// Facts from stat() and realpath().
MountFacts system_mount_facts();

// The mounts of local /dev/ devices: hidden ones left out, of bind mounts the one nearest to the
// root, and a device named by UUID (LUKS) by its kernel name. Docker's own devices are left out. In
// mount order. Only mount points of local devices are touched, so a dead file server cannot hang
// it.
std::vector<Mount> local_device_mounts(std::vector<Mount> mounts, const MountFacts& facts);

}  // namespace shoal::common
