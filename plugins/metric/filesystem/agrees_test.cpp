#include <cmath>
#include <map>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "capacity.h"
#include "common/mounts.h"
#include "common/proc_file.h"
#include "support/recorded.h"

TEST_SUITE("agrees_with_system") {
  TEST_CASE("file systems are those of df -Pkl, by name, size and use") {
    const auto output = shoal::test::output_of("df -Pkl");
    if (!output) return;

    std::map<std::string, shoal::filesystem::Capacity> theirs;
    std::istringstream lines(*output);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string device;
      std::uint64_t total = 0, used = 0, available = 0;
      if (words >> device >> total >> used >> available && device.starts_with("/dev/")) {
        theirs[device] = {(used + available) * 1024, used * 1024};
      }
    }

    shoal::common::ProcFile file("/proc/self/mountinfo");
    const auto mounts = shoal::common::local_device_mounts(
        shoal::common::parse_mountinfo(file.read()), shoal::common::system_mount_facts());
    std::map<std::string, shoal::filesystem::Capacity> ours;
    for (const auto& mount : mounts) {
      const auto reading = shoal::filesystem::read_capacity(mount.mount_point);
      if (reading.capacity) ours[mount.device] = *reading.capacity;
    }

    CHECK(ours.size() == theirs.size());
    for (const auto& entry : theirs) {
      const std::string& device = entry.first;
      const auto& capacity = entry.second;
      CAPTURE(device);
      REQUIRE(ours.count(device) == 1);
      // Other processes write and delete between the two readings.
      const double moment = std::fmax(256e6, 0.001 * static_cast<double>(capacity.size));
      const auto apart = [](std::uint64_t a, std::uint64_t b) {
        return std::fabs(static_cast<double>(a) - static_cast<double>(b));
      };
      CHECK(apart(ours[device].size, capacity.size) < moment);
      CHECK(apart(ours[device].used, capacity.used) < moment);
    }
  }
}
