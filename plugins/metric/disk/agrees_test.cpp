#include <map>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "common/proc_file.h"
#include "diskstats.h"
#include "support/recorded.h"

TEST_SUITE("agrees_with_system") {
  TEST_CASE("disk counters lie between two answers of vmstat -d") {
    const auto before = shoal::test::output_of("vmstat -d");
    shoal::common::ProcFile file("/proc/diskstats");
    const auto ours = shoal::disk::parse_diskstats(file.read());
    const auto after = shoal::test::output_of("vmstat -d");
    if (!before || !after) return;

    struct Counters {
      double reads = 0;
      double writes = 0;
    };
    const auto read = [](const std::string& output) {
      std::map<std::string, Counters, std::less<>> disks;
      std::istringstream lines(output);
      for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string device;
        double merged = 0, sectors = 0, milliseconds = 0;
        Counters counters;
        if (words >> device >> counters.reads >> merged >> sectors >> milliseconds >>
            counters.writes) {
          disks[device] = counters;
        }
      }
      return disks;
    };
    const auto earlier = read(*before);
    const auto later = read(*after);

    for (const auto& device : ours.devices) {
      if (earlier.find(device.device) == earlier.end()) continue;  // vmstat leaves out partitions
      CAPTURE(device.device);
      const auto& low = earlier.find(device.device)->second;
      const auto& high = later.find(device.device)->second;
      CHECK(low.reads <= static_cast<double>(device.reads));
      CHECK(static_cast<double>(device.reads) <= high.reads);
      CHECK(low.writes <= static_cast<double>(device.writes));
      CHECK(static_cast<double>(device.writes) <= high.writes);
    }
  }
}
