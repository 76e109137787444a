#include "plugin/host/filesystems.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>
#include <sys/statvfs.h>

#include "plugin/host/facts.h"

namespace shoal::plugin::host {
namespace {

struct Mount {
  std::string number;  // major:minor
  std::string root;    // of what is mounted, within its file system
  std::string point;
  std::string type;
  std::string device;
};

// Spaces and the like stand as \040 in mountinfo.
std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto is_octal = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '7'; };
    if (text[i] == '\\' && i + 3 < text.size() && is_octal(i + 1) && is_octal(i + 2) &&
        is_octal(i + 3)) {
      result += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                  (text[i + 3] - '0'));
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!(line = trimmed(line)).empty()) {
    const auto end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

// "36 35 98:0 /root /mount options [fields...] - type device options"
std::optional<Mount> parse_mount(std::string_view line) {
  const auto words = words_of(line);
  const auto dash = std::find(words.begin(), words.end(), "-");
  if (dash - words.begin() < 6 || words.end() - dash < 3) return std::nullopt;
  return Mount{std::string(words[2]), unescaped(words[3]), unescaped(words[4]),
               std::string(dash[1]), unescaped(dash[2])};
}

bool is_remote(const Mount& mount) {
  constexpr std::array<std::string_view, 8> types{"nfs", "nfs4", "cifs", "smb3",
                                                  "9p",  "afs",  "ceph", "autofs"};
  return mount.device.find(':') != std::string::npos || mount.device.starts_with("//") ||
         mount.type.starts_with("fuse.sshfs") ||
         std::find(types.begin(), types.end(), mount.type) != types.end();
}

bool is_dockers(const Mount& mount) {
  return mount.device.starts_with("/dev/mapper/docker-") ||
         (mount.device.starts_with("/dev/dm-") &&
          mount.point.find("devicemapper/mnt") != std::string::npos);
}

// Of two mounts of one file system the one that shows more of it, nearer to the root.
bool shows_more(const Mount& a, const Mount& b) {
  return std::pair(a.root.size(), a.point.size()) < std::pair(b.root.size(), b.point.size());
}

std::vector<Mount> local_mounts(std::string_view mountinfo) {
  std::vector<Mount> mounts;
  for_each_line(mountinfo, [&](std::string_view line) {
    auto mount = parse_mount(line);
    if (!mount) return;
    std::erase_if(mounts, [&](const Mount& hidden) { return hidden.point == mount->point; });
    if (is_remote(*mount) || is_dockers(*mount)) return;
    const auto twin = std::find_if(mounts.begin(), mounts.end(), [&](const Mount& other) {
      return other.number == mount->number;
    });
    if (twin == mounts.end()) {
      mounts.push_back(std::move(*mount));
    } else if (shows_more(*mount, *twin)) {
      *twin = std::move(*mount);
    }
  });
  return mounts;
}

}  // namespace

std::optional<FileSystemSize> measure_system(const std::string& mount) {
  struct statvfs info {};
  if (::statvfs(mount.c_str(), &info) != 0) return std::nullopt;
  const auto kb = [&](std::uint64_t blocks) { return blocks * info.f_frsize / 1024; };
  return FileSystemSize{kb(info.f_blocks), kb(info.f_blocks - info.f_bfree), kb(info.f_bavail)};
}

std::string percent_used(const FileSystemSize& size) {
  const auto usable = size.used_kb + size.available_kb;
  if (usable == 0) return "0%";
  return fmt::format("{}%", (size.used_kb * 100 + usable - 1) / usable);
}

std::vector<FileSystem> file_systems(std::string_view mountinfo, const Measure& measure) {
  std::vector<FileSystem> all;
  for (auto& mount : local_mounts(mountinfo)) {
    const auto size = measure(mount.point);
    if (size && size->total_kb > 0) all.push_back({mount.device, mount.point, *size});
  }
  return all;
}

}  // namespace shoal::plugin::host
