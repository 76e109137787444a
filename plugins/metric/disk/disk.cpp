#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <unistd.h>

#include <shoal/plugin.hpp>

#include "common/complaint.h"
#include "common/mounts.h"
#include "common/pattern.h"
#include "common/per_device.h"
#include "common/proc_file.h"
#include "common/sanitize.h"
#include "diskstats.h"

SHOAL_MANIFEST(R"({
  "id": "disk",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "metric",
  "origin": "host",
  "summary": "reads and writes of disks and partitions",
  "options": {
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"},
    "sys": {"type": "string", "default": "/sys", "description": "where sysfs is mounted"},
    "ignore": {"type": "string", "default": "", "description": "leave out devices in whose kernel name, made a component of a metric name, this regular expression is found; empty: none"},
    "use_mountpoint": {"type": "boolean", "default": false, "description": "name a mounted device by its mount point"},
    "physical_only": {"type": "boolean", "default": false, "description": "only whole disks that are hardware: no partitions, loop, zram, md"}
  },
  "series": [
    {"name": "disk.*.reads.delta", "kind": "counter", "unit": "iops", "description": "reads done"},
    {"name": "disk.*.writes.delta", "kind": "counter", "unit": "iops", "description": "writes done"}
  ]
})");

namespace {

using shoal::common::FileText;

struct DiskSeries {
  static constexpr std::size_t name_bytes = sizeof("disk..writes.delta") - 1;

  DiskSeries(const shoal::Context& context, std::string_view label)
      : reads(context.counter("disk." + std::string(label) + ".reads.delta", "iops")),
        writes(context.counter("disk." + std::string(label) + ".writes.delta", "iops")) {}

  shoal::Series reads;
  shoal::Series writes;
};

class Disk : public shoal::Metric {
 public:
  explicit Disk(shoal::Context& context)
      : proc_(context.options().text("/proc", "/proc")),
        diskstats_(proc_ + "/diskstats"),
        mountinfo_(proc_ + "/self/mountinfo"),
        block_devices_(context.options().text("/sys", "/sys") + "/block/"),
        ignore_(shoal::common::pattern_option(context.options(), "ignore")),
        use_mountpoint_(context.options().boolean("/use_mountpoint")),
        physical_only_(context.options().boolean("/physical_only")),
        devices_(context),
        complaint_(context) {}

  void collect(shoal::Round& round) override {
    const auto stats = shoal::disk::parse_diskstats(diskstats_.read());
    complaint_.state(stats.damaged_lines == 0
                         ? std::string()
                         : diskstats_.path() + ": left out " + std::to_string(stats.damaged_lines) +
                               " lines without eleven counters");
    const MountPoints mount_points = use_mountpoint_ ? read_mount_points() : MountPoints();
    devices_.begin_round();
    for (const auto& counters : stats.devices) emit(round, counters, mount_points);
  }

 private:
  using MountPoints = std::map<std::string, std::string, std::less<>>;

  // By the device's name without "/dev/"; the last mount of a device counts.
  MountPoints read_mount_points() {
    MountPoints mount_points;
    const auto mounts = shoal::common::local_device_mounts(
        shoal::common::parse_mountinfo(mountinfo_.read()), shoal::common::system_mount_facts());
    for (const auto& mount : mounts) {
      mount_points[mount.device.substr(sizeof("/dev/") - 1)] = mount.mount_point;
    }
    return mount_points;
  }

  void emit(shoal::Round& round, const shoal::disk::DiskCounters& counters,
            const MountPoints& mount_points) {
    const auto name = shoal::common::sanitized(counters.device);
    if (shoal::common::matches(ignore_, name)) return;
    if (physical_only_ && !is_physical(counters.device)) return;

    const auto mounted = mount_points.find(counters.device);
    const auto* series = devices_.claim(
        mounted == mount_points.end() ? name : shoal::common::sanitized(mounted->second));
    if (series == nullptr) return;
    round.emit(series->reads, static_cast<double>(counters.reads));
    round.emit(series->writes, static_cast<double>(counters.writes));
  }

  // Hardware has a link "device"; sysfs writes the slash of names such as cciss/c0d0 as "!".
  bool is_physical(std::string_view device) const {
    std::string entry(device);
    std::replace(entry.begin(), entry.end(), '/', '!');
    return access((block_devices_ + entry + "/device").c_str(), F_OK) == 0;
  }

  std::string proc_;
  shoal::common::ProcFile diskstats_;
  shoal::common::ProcFile mountinfo_;
  std::string block_devices_;
  std::optional<shoal::common::Pattern> ignore_;
  bool use_mountpoint_;
  bool physical_only_;
  shoal::common::PerDevice<DiskSeries> devices_;
  shoal::common::Complaint complaint_;
};

}  // namespace

SHOAL_PLUGIN(Disk);
