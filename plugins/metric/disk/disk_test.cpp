#include <doctest/doctest.h>

#include "diskstats.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using shoal::disk::parse_diskstats;
using shoal::test::PluginFixture;
using shoal::test::recorded;

namespace {

using Names = std::vector<std::string>;

// The labels of the devices that emitted reads.
Names labels_of(const PluginFixture& plugin) {
  const std::string before = "disk.";
  const std::string after = ".reads.delta";
  Names labels;
  for (const auto& [name, value] : plugin.emitted) {
    if (name.ends_with(after)) {
      labels.push_back(name.substr(before.size(), name.size() - before.size() - after.size()));
    }
  }
  return labels;
}

}  // namespace

TEST_SUITE("disk") {
  TEST_CASE("reads disks and partitions, not device mapper's and idle devices") {
    const auto text = recorded("server/diskstats");
    const auto stats = parse_diskstats({"diskstats", text});

    Names names;
    for (const auto& device : stats.devices) names.emplace_back(device.device);
    CHECK(names == Names{"loop1", "nvme0n1", "nvme0n1p1", "sda", "sda1", "cciss/c0d0", "md127"});
    CHECK(stats.devices[1].reads == 81234);
    CHECK(stats.devices[1].writes == 54321);
  }

  TEST_CASE("leaves out a line that is cut, and counts it") {
    const auto stats = parse_diskstats(
        {"diskstats",
         "8 0 sda 1 2 3 4 5\n8 1 sda1\n8 2 sda2 1 1 1 1 1 1 1 1 1 1 1\n8 3 sda3 1 1 1 x"});

    CHECK(stats.devices.size() == 1);
    CHECK(stats.damaged_lines == 3);
  }

  TEST_CASE("an empty file is a host without disks") {
    const auto stats = parse_diskstats({"diskstats", ""});

    CHECK(stats.devices.empty());
    CHECK(stats.damaged_lines == 0);
  }

  TEST_CASE("says what it found when no line can be read") {
    CHECK_THROWS_WITH(parse_diskstats({"/proc/diskstats", "\x1f\x8b garbage"}),
                      "/proc/diskstats: expected lines of a device with eleven counters, found "
                      "\"?? garbage\"");
  }

  TEST_CASE("emits counters as they stand") {
    PluginFixture plugin({{"proc", std::string(TESTDATA "/server")}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(labels_of(plugin) ==
          Names{"cciss_c0d0", "loop1", "md127", "nvme0n1", "nvme0n1p1", "sda", "sda1"});
    CHECK(plugin.emitted.at("disk.sda1.reads.delta") == 5000);
    CHECK(plugin.emitted.at("disk.sda1.writes.delta") == 9000);
    CHECK(plugin.kinds.at("disk.sda1.writes.delta") == SHOAL_COUNTER);
    CHECK(plugin.units.at("disk.sda1.writes.delta") == "iops");
    CHECK(plugin.logged ==
          Names{TESTDATA "/server/diskstats: left out 1 lines without eleven counters"});
  }

  TEST_CASE("emits a recorded host") {
    PluginFixture plugin({{"proc", std::string(TESTDATA)}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(labels_of(plugin) == Names{"vda"});
  }

  TEST_CASE("ignores by the name as it stands in the metric") {
    PluginFixture plugin({{"proc", std::string(TESTDATA "/server")},
                          {"ignore", std::string("^(loop|md|cciss_)|p1$")}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(labels_of(plugin) == Names{"nvme0n1", "sda", "sda1"});
  }

  TEST_CASE("keeps only hardware when asked to") {
    const shoal::test::TemporaryDirectory sys;
    for (const auto* device : {"block/sda/device/model", "block/cciss!c0d0/device/model",
                               "block/md127/size", "block/loop1/size"}) {
      sys.write(device, "");
    }
    PluginFixture plugin({{"proc", std::string(TESTDATA "/server")},
                          {"sys", sys.path().string()},
                          {"physical_only", true}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(labels_of(plugin) == Names{"cciss_c0d0", "sda"});
  }

  TEST_CASE("names a mounted device by its mount point when asked to") {
    const shoal::test::TemporaryDirectory proc;
    proc.write("diskstats", recorded("server/diskstats"));
    // The numbers are invented by a file system such as btrfs, so that the test needs no such disk.
    proc.write("self/mountinfo",
               "1 0 0:40 / / rw - btrfs /dev/sda1 rw\n"
               "2 1 0:41 / /proc rw - btrfs /dev/mapper/vg-data rw\n");
    PluginFixture plugin({{"proc", proc.path().string()}, {"use_mountpoint", true}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(labels_of(plugin) ==
          Names{"_", "cciss_c0d0", "loop1", "md127", "nvme0n1", "nvme0n1p1", "sda"});
    CHECK(plugin.emitted.at("disk._.reads.delta") == 5000);
  }

  TEST_CASE("refuses a pattern that does not compile, and names the option") {
    PluginFixture plugin({{"ignore", std::string("[")}});

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason ==
          "option ignore: expected a regular expression, found \"[\": missing ]: [");
  }

  TEST_CASE("explains an absent file with its path") {
    PluginFixture plugin({{"proc", std::string("/nonexistent")}});

    CHECK(plugin.collect() == SHOAL_FAILED);
    CHECK(plugin.reason == "/nonexistent/diskstats: No such file or directory");
  }
}
