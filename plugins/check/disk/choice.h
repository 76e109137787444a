// Which mounted file systems a check looks at. Knows nothing of the SDK. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "common/mounts.h"

namespace shoal::disk {

// What the options ask for; empty lists ask for nothing.
struct Wanted {
  std::vector<std::string> mount_points;
  std::vector<std::string> excluded_mount_points;
  std::vector<std::string> types;
  std::vector<std::string> excluded_types;
};

struct Choice {
  std::vector<common::Mount> mounts;
  std::vector<std::string> missing;  // named mount points where nothing is mounted
};

// Named mount points are taken whatever their type. Otherwise all that hold data of this host: not
// the kernel's own, not images that are full by nature, and not what a dead server or program could
// hang, unless `types` names it; each file system once, by its shortest mount point.
Choice choose(const std::vector<common::Mount>& mounts, const Wanted& wanted);

}  // namespace shoal::disk
