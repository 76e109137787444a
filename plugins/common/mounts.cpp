#include "common/mounts.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <unordered_set>
#include <utility>

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "common/fields.h"

namespace shoal::common {
namespace {

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

// The kernel writes blanks and backslashes in paths as \040.
std::string unescaped(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    if (text.size() >= 4 && text[0] == '\\' && is_octal(text[1]) && is_octal(text[2]) &&
        is_octal(text[3])) {
      plain += static_cast<char>((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
      text.remove_prefix(4);
    } else {
      plain += text.front();
      text.remove_prefix(1);
    }
  }
  return plain;
}

std::optional<std::uint64_t> parse_device_number(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto major_number = to_number(text.substr(0, colon));
  const auto minor_number = to_number(text.substr(colon + 1));
  if (!major_number || !minor_number || *major_number == 0) return std::nullopt;
  return makedev(static_cast<unsigned>(*major_number), static_cast<unsigned>(*minor_number));
}

// "36 35 98:0 /root /mount rw,noatime master:1 - ext3 /dev/root rw,errors=continue": any number of
// optional fields before the lone dash.
std::optional<Mount> parse_mount(std::string_view line) {
  take_field(line);
  take_field(line);
  const auto number = take_field(line);
  const auto root = take_field(line);
  const auto mount_point = take_field(line);
  auto field = take_field(line);
  while (field && *field != "-") field = take_field(line);
  const auto type = take_field(line);
  const auto device = take_field(line);
  if (!device) return std::nullopt;
  return Mount{unescaped(*device), unescaped(*mount_point), std::string(*type), unescaped(*root),
               parse_device_number(*number)};
}

// Cluster file systems sit on /dev/ devices, and yet hang with their network.
bool is_local_device(const Mount& mount) {
  constexpr std::array<std::string_view, 5> cluster_types = {"acfs", "gpfs", "ibrix", "ocfs2",
                                                             "vxfs"};
  return mount.device.starts_with("/dev/") && mount.device.find(':') == std::string::npos &&
         std::find(cluster_types.begin(), cluster_types.end(), mount.type) == cluster_types.end();
}

bool is_docker_device(const Mount& mount) {
  return mount.device.starts_with("/dev/mapper/docker-") ||
         (mount.device.starts_with("/dev/dm-") &&
          mount.mount_point.find("devicemapper/mnt") != std::string::npos);
}

bool ends_with_uuid(std::string_view name) {
  constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (name.size() < shape.size()) return false;
  const auto tail = name.substr(name.size() - shape.size());
  return std::equal(tail.begin(), tail.end(), shape.begin(), [](char c, char wanted) {
    if (wanted == '-') return c == '-';
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

// A mount over an earlier one on the same directory hides it.
std::vector<Mount> without_hidden(const std::vector<Mount>& mounts) {
  std::unordered_set<std::string_view> taken;
  std::vector<Mount> visible;
  for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
    if (taken.insert(mount->mount_point).second) visible.push_back(*mount);
  }
  std::reverse(visible.begin(), visible.end());
  return visible;
}

// Of two mounts of one file system, the one a person would name it by.
bool is_nearer_to_root(const Mount& candidate, const Mount& than) {
  const bool is_shorter = candidate.mount_point.size() < than.mount_point.size();
  const bool is_deeper_inside = candidate.root.size() > than.root.size();
  return is_shorter && !is_deeper_inside;
}

std::vector<Mount> one_per_file_system(std::vector<Mount> mounts, const MountFacts& facts) {
  std::vector<std::pair<std::uint64_t, Mount>> chosen;
  for (Mount& mount : mounts) {
    const auto number = facts.device_number(mount.mount_point);
    // Another number means that a mount further up hides this one.
    if (!number || number != mount.device_number.value_or(*number)) continue;
    const auto same = std::find_if(chosen.begin(), chosen.end(),
                                   [&](const auto& other) { return other.first == *number; });
    if (same == chosen.end()) {
      chosen.emplace_back(*number, std::move(mount));
    } else if (is_nearer_to_root(mount, same->second)) {
      same->second = std::move(mount);
    }
  }

  std::vector<Mount> result;
  result.reserve(chosen.size());
  for (auto& entry : chosen) result.push_back(std::move(entry.second));
  return result;
}

std::optional<std::uint64_t> device_number_of(const std::string& mount_point) {
  struct stat status {};
  if (stat(mount_point.c_str(), &status) != 0) return std::nullopt;
  return status.st_dev;
}

std::optional<std::string> resolved_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                         &std::free);
  return real ? std::optional<std::string>(real.get()) : std::nullopt;
}

}  // namespace

std::vector<Mount> parse_mountinfo(const FileText& file) {
  std::vector<Mount> mounts;
  auto rest = file.text;
  while (const auto line = take_line(rest)) {
    auto mount = parse_mount(*line);
    if (!mount) refuse(file, "a mount with root, directory, \"-\", type and device", *line);
    mounts.push_back(std::move(*mount));
  }
  if (mounts.empty()) refuse(file, "at least one mount", {});
  return mounts;
}

MountFacts system_mount_facts() {
  return {device_number_of, resolved_path};
}

std::vector<Mount> local_device_mounts(std::vector<Mount> mounts, const MountFacts& facts) {
  mounts = without_hidden(mounts);
  std::erase_if(mounts, [](const Mount& mount) { return !is_local_device(mount); });
  mounts = one_per_file_system(std::move(mounts), facts);
  for (Mount& mount : mounts) {
    if (ends_with_uuid(mount.device))
      mount.device = facts.resolved(mount.device).value_or(mount.device);
  }
  std::erase_if(mounts, is_docker_device);
  return mounts;
}

}  // namespace shoal::common
