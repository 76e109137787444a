#include "choice.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace shoal::disk {
namespace {

using common::Mount;

// Of the kernel's own making, or read-only images without a free byte.
constexpr std::array<std::string_view, 31> without_space{
    "autofs",  "binfmt_misc", "bpf",        "cgroup",     "cgroup2",   "configfs", "cramfs",
    "debugfs", "devpts",      "devtmpfs",   "efivarfs",   "erofs",     "fusectl",  "hugetlbfs",
    "iso9660", "mqueue",      "nsfs",       "overlay",    "pipefs",    "proc",     "pstore",
    "ramfs",   "rootfs",      "rpc_pipefs", "securityfs", "selinuxfs", "sockfs",   "squashfs",
    "sysfs",   "tracefs",     "udf"};

// Asking these how much is free may wait for ever.
constexpr std::array<std::string_view, 17> behind_a_network{
    "9p",   "acfs",   "afs",   "beegfs", "ceph", "cifs",  "coda", "fuse", "glusterfs",
    "gpfs", "lustre", "ncpfs", "nfs",    "nfs4", "ocfs2", "smb3", "vxfs"};

template <class List, class Value>
bool holds(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool is_wanted(const Mount& mount, const Wanted& wanted) {
  if (holds(wanted.excluded_mount_points, mount.mount_point)) return false;
  if (holds(wanted.excluded_types, mount.type)) return false;
  if (!wanted.types.empty()) return holds(wanted.types, mount.type);
  // A container's root is an overlay, and yet all it has.
  if (mount.mount_point == "/" && mount.type == "overlay") return true;
  const bool is_program = std::string_view(mount.type).substr(0, 5) == "fuse.";
  return !is_program && !holds(without_space, mount.type) && !holds(behind_a_network, mount.type);
}

// A later mount on the same directory hides the earlier.
std::vector<Mount> visible(const std::vector<Mount>& mounts) {
  std::vector<Mount> seen;
  for (const auto& mount : mounts) {
    const auto hidden = std::find_if(seen.begin(), seen.end(), [&](const auto& other) {
      return other.mount_point == mount.mount_point;
    });
    if (hidden != seen.end()) seen.erase(hidden);
    seen.push_back(mount);
  }
  return seen;
}

Choice choose_named(const std::vector<Mount>& mounts, const Wanted& wanted) {
  Choice choice;
  for (const auto& name : wanted.mount_points) {
    const auto found = std::find_if(mounts.begin(), mounts.end(),
                                    [&](const auto& mount) { return mount.mount_point == name; });
    if (found == mounts.end()) {
      choice.missing.push_back(name);
    } else {
      choice.mounts.push_back(*found);
    }
  }
  return choice;
}

bool is_same_file_system(const Mount& one, const Mount& other) {
  return one.device_number && one.device_number == other.device_number;
}

}  // namespace

Choice choose(const std::vector<common::Mount>& all, const Wanted& wanted) {
  const auto mounts = visible(all);
  if (!wanted.mount_points.empty()) return choose_named(mounts, wanted);

  Choice choice;
  for (const auto& mount : mounts) {
    if (!is_wanted(mount, wanted)) continue;
    const auto same = std::find_if(choice.mounts.begin(), choice.mounts.end(),
                                   [&](const auto& it) { return is_same_file_system(it, mount); });
    if (same == choice.mounts.end()) {
      choice.mounts.push_back(mount);
    } else if (mount.mount_point.size() < same->mount_point.size()) {
      *same = mount;
    }
  }
  return choice;
}

}  // namespace shoal::disk
