#include <algorithm>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <shoal/plugin.hpp>

#include "capacity.h"
#include "common/complaint.h"
#include "common/mounts.h"
#include "common/pattern.h"
#include "common/per_device.h"
#include "common/proc_file.h"
#include "common/sanitize.h"

SHOAL_MANIFEST(R"({
  "id": "filesystem",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "metric",
  "origin": "host",
  "summary": "size and use of file systems on local devices",
  "options": {
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"},
    "ignore": {"type": "string", "default": "", "description": "leave out devices in whose name, with /dev/, this regular expression is found; empty: none"},
    "ignore_types": {"type": "array", "items": {"type": "string"}, "default": [], "description": "leave out file systems of these types: squashfs"},
    "ignore_mountpoints": {"type": "string", "default": "", "description": "leave out mount points in which this regular expression is found; empty: none"},
    "use_mountpoint": {"type": "boolean", "default": false, "description": "name a file system by its mount point instead of its device"}
  },
  "series": [
    {"name": "filesystem.*.size", "kind": "gauge", "unit": "bytes", "description": "used and available together, without what is reserved for root"},
    {"name": "filesystem.*.used", "kind": "gauge", "unit": "bytes", "description": "used"}
  ]
})");

namespace {

using shoal::common::Mount;

struct FilesystemSeries {
  static constexpr std::size_t name_bytes = sizeof("filesystem..size") - 1;

  FilesystemSeries(const shoal::Context& context, std::string_view label)
      : size(context.gauge("filesystem." + std::string(label) + ".size", "bytes")),
        used(context.gauge("filesystem." + std::string(label) + ".used", "bytes")) {}

  shoal::Series size;
  shoal::Series used;
};

class Filesystem : public shoal::Metric {
 public:
  explicit Filesystem(shoal::Context& context)
      : mountinfo_(context.options().text("/proc", "/proc") + "/self/mountinfo"),
        ignore_(shoal::common::pattern_option(context.options(), "ignore")),
        ignore_mountpoints_(shoal::common::pattern_option(context.options(), "ignore_mountpoints")),
        ignore_types_(context.options().texts("/ignore_types")),
        use_mountpoint_(context.options().boolean("/use_mountpoint")),
        devices_(context),
        complaint_(context) {}

  void collect(shoal::Round& round) override {
    const auto mounts = shoal::common::local_device_mounts(
        shoal::common::parse_mountinfo(mountinfo_.read()), shoal::common::system_mount_facts());
    std::string faults;
    devices_.begin_round();
    // Of a device mounted more than once the last mount counts: the first to claim the name.
    for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
      if (!is_ignored(*mount)) emit(round, *mount, faults);
    }
    complaint_.state(std::move(faults));
  }

 private:
  bool is_ignored(const Mount& mount) const {
    return std::find(ignore_types_.begin(), ignore_types_.end(), mount.type) !=
               ignore_types_.end() ||
           shoal::common::matches(ignore_, mount.device) ||
           shoal::common::matches(ignore_mountpoints_, mount.mount_point);
  }

  std::string label_of(const Mount& mount) const {
    return shoal::common::sanitized(use_mountpoint_ ? mount.mount_point
                                                    : mount.device.substr(sizeof("/dev/") - 1));
  }

  void emit(shoal::Round& round, const Mount& mount, std::string& faults) {
    const auto* series = devices_.claim(label_of(mount));
    if (series == nullptr) return;
    const auto reading = shoal::filesystem::read_capacity(mount.mount_point);
    if (reading.error != 0) {
      faults += (faults.empty() ? "left out " : ", ") + mount.mount_point + ": " +
                std::generic_category().message(reading.error);
    }
    if (!reading.capacity) return;
    round.emit(series->size, static_cast<double>(reading.capacity->size));
    round.emit(series->used, static_cast<double>(reading.capacity->used));
  }

  shoal::common::ProcFile mountinfo_;
  std::optional<shoal::common::Pattern> ignore_;
  std::optional<shoal::common::Pattern> ignore_mountpoints_;
  std::vector<std::string> ignore_types_;
  bool use_mountpoint_;
  shoal::common::PerDevice<FilesystemSeries> devices_;
  shoal::common::Complaint complaint_;
};

}  // namespace

SHOAL_PLUGIN(Filesystem);
