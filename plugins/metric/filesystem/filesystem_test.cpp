#include <cerrno>

#include <doctest/doctest.h>

#include "capacity.h"
#include "common/mounts.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using namespace shoal::filesystem;
using shoal::test::PluginFixture;
using shoal::test::TemporaryDirectory;

namespace {

using Names = std::vector<std::string>;

struct statvfs blocks(std::uint64_t total, std::uint64_t free, std::uint64_t available,
                      std::uint64_t size) {
  struct statvfs status {};
  status.f_blocks = total;
  status.f_bfree = free;
  status.f_bavail = available;
  status.f_frsize = size;
  return status;
}

// A procfs whose mounts are two directories that every Linux has. The zero in the device numbers
// says that the file system invents them, so that the test needs no such device.
void write_two_devices(const TemporaryDirectory& proc) {
  proc.write("self/mountinfo",
             "1 0 0:40 / / rw - btrfs /dev/mapper/vg-root rw\n"
             "2 1 0:41 / /dev rw - squashfs /dev/sdb1 rw\n"
             "3 1 0:42 / /proc rw - ext4 /dev/sdc1 rw\n");
}

Names names_emitted(PluginFixture::OptionMap options) {
  const TemporaryDirectory proc;
  write_two_devices(proc);
  options["proc"] = proc.path().string();
  PluginFixture plugin(options);
  CHECK(plugin.collect() == SHOAL_OK);
  Names names;
  for (const auto& [name, value] : plugin.emitted) names.push_back(name);
  return names;
}

const Names root = {"filesystem.mapper_vg-root.size", "filesystem.mapper_vg-root.used"};
const Names second = {"filesystem.sdb1.size", "filesystem.sdb1.used"};

Names both() {
  Names names = root;
  names.insert(names.end(), second.begin(), second.end());
  return names;
}

}  // namespace

TEST_SUITE("filesystem") {
  TEST_CASE("counts what is reserved for root neither as size nor as used") {
    const auto capacity = capacity_from(blocks(1000, 400, 350, 4096));

    REQUIRE(capacity);
    CHECK(capacity->used == 600 * 4096);
    CHECK(capacity->size == 950 * 4096);
  }

  TEST_CASE("a file system without blocks has no capacity") {
    CHECK_FALSE(capacity_from(blocks(0, 0, 0, 4096)));
  }

  TEST_CASE("is not negative where more is free than there is") {
    CHECK(capacity_from(blocks(10, 20, 10, 512))->used == 0);
  }

  TEST_CASE("tells why a mount point cannot be asked") {
    const auto reading = read_capacity("/nonexistent");

    CHECK(reading.error == ENOENT);
    CHECK_FALSE(reading.capacity);
  }

  TEST_CASE("chooses the one device of a recorded host") {
    const auto mounts =
        shoal::common::parse_mountinfo({"mountinfo", shoal::test::recorded("self/mountinfo")});
    const shoal::common::MountFacts facts = {
        [&](const std::string& mount_point) -> std::optional<std::uint64_t> {
          for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
            if (mount->mount_point == mount_point) return mount->device_number.value_or(0);
          }
          return std::nullopt;
        },
        [](const std::string&) { return std::nullopt; }};

    const auto chosen = shoal::common::local_device_mounts(mounts, facts);

    REQUIRE(chosen.size() == 1);
    CHECK(chosen[0].device == "/dev/vda");
    CHECK(chosen[0].mount_point == "/");
    CHECK(chosen[0].type == "ext4");
  }

  TEST_CASE("emits size and used by device, and nothing of what has no blocks") {
    CHECK(names_emitted({}) == both());
  }

  TEST_CASE("emits by mount point when asked to") {
    CHECK(names_emitted({{"use_mountpoint", true}}) ==
          Names{"filesystem._.size", "filesystem._.used", "filesystem._dev.size",
                "filesystem._dev.used"});
  }

  TEST_CASE("ignores by device, type and mount point; an empty pattern ignores nothing") {
    CHECK(names_emitted({{"ignore", std::string("^/dev/mapper/")}}) == second);
    CHECK(names_emitted({{"ignore_types", Names{"xfs", "squashfs"}}}) == root);
    CHECK(names_emitted({{"ignore_mountpoints", std::string("^/dev")}}) == root);
    CHECK(names_emitted({{"ignore", std::string()}, {"ignore_mountpoints", std::string()}}) ==
          both());
  }

  TEST_CASE("of a device mounted twice emits the last") {
    const TemporaryDirectory proc;
    proc.write("self/mountinfo",
               "1 0 0:40 /@a /proc rw - btrfs /dev/sda1 rw\n"
               "2 0 0:40 /@b / rw - btrfs /dev/sda1 rw\n");
    PluginFixture plugin({{"proc", proc.path().string()}});

    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(plugin.emitted.size() == 2);
    CHECK(plugin.emitted.at("filesystem.sda1.size") >= plugin.emitted.at("filesystem.sda1.used"));
    CHECK(plugin.kinds.at("filesystem.sda1.size") == SHOAL_GAUGE);
  }

  TEST_CASE("refuses a pattern that does not compile, and names the option") {
    PluginFixture plugin({{"ignore_mountpoints", std::string("*")}});

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason ==
          "option ignore_mountpoints: expected a regular expression, found \"*\": no argument for "
          "repetition operator: *");
  }

  TEST_CASE("explains an absent or empty list of mounts") {
    PluginFixture absent({{"proc", std::string("/nonexistent")}});
    CHECK(absent.collect() == SHOAL_FAILED);
    CHECK(absent.reason == "/nonexistent/self/mountinfo: No such file or directory");

    const TemporaryDirectory proc;
    proc.write("self/mountinfo", "");
    PluginFixture empty({{"proc", proc.path().string()}});
    CHECK(empty.collect() == SHOAL_FAILED);
    CHECK(empty.reason ==
          proc.file("self/mountinfo") + ": expected at least one mount, found nothing");
  }
}
