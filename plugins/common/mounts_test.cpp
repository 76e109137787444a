#include "common/mounts.h"

#include <map>

#include <doctest/doctest.h>
#include <sys/sysmacros.h>

using namespace shoal::common;

namespace {

// "DEVICE at MOUNT_POINT" of each chosen mount. Directories not named in `numbers` have the number
// that their last line states.
std::vector<std::string> chosen(const std::string& text,
                                std::map<std::string, std::optional<std::uint64_t>> numbers = {}) {
  auto mounts = parse_mountinfo({"mountinfo", text});
  for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
    numbers.emplace(mount->mount_point, mount->device_number.value_or(0));
  }
  const MountFacts facts = {[&](const std::string& mount_point) { return numbers.at(mount_point); },
                            [](const std::string& path) -> std::optional<std::string> {
                              if (path.starts_with("/dev/mapper/luks-")) return "/dev/dm-0";
                              return std::nullopt;
                            }};
  std::vector<std::string> names;
  for (const auto& mount : local_device_mounts(mounts, facts)) {
    names.push_back(mount.device + " at " + mount.mount_point);
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_SUITE("mounts") {
  TEST_CASE("reads a line with any number of optional fields") {
    const auto mounts =
        parse_mountinfo({"mountinfo",
                         "36 35 98:1 /sub /mnt rw,noatime - ext3 /dev/root rw\n"
                         "37 35 0:21 / /proc rw shared:1 master:2 - proc proc rw\n"});

    CHECK(mounts == std::vector<Mount>{{"/dev/root", "/mnt", "ext3", "/sub", makedev(98, 1)},
                                       {"proc", "/proc", "proc", "/", std::nullopt}});
  }

  TEST_CASE("undoes the kernel's escapes") {
    const auto mounts = parse_mountinfo(
        {"mountinfo", "1 1 8:1 / /a\\040b\\134c\\011d\\9 rw - ext4 /dev/my\\040disk rw\n"});

    CHECK(mounts.at(0).mount_point == "/a b\\c\td\\9");
    CHECK(mounts.at(0).device == "/dev/my disk");
  }

  TEST_CASE("names the file that is empty, cut or something else") {
    CHECK_THROWS_WITH(parse_mountinfo({"/proc/self/mountinfo", ""}),
                      "/proc/self/mountinfo: expected at least one mount, found nothing");
    CHECK_THROWS_WITH(
        parse_mountinfo({"/proc/self/mountinfo", "27 1 8:1 / / rw - ext4"}),
        "/proc/self/mountinfo: expected a mount with root, directory, \"-\", type and "
        "device, found \"27 1 8:1 / / rw - ext4\"");
    CHECK_THROWS_WITH(
        parse_mountinfo({"/proc/self/mountinfo", "garbage\n"}),
        "/proc/self/mountinfo: expected a mount with root, directory, \"-\", type and "
        "device, found \"garbage\"");
  }

  TEST_CASE("chooses devices of this host, and nothing that lives in a network") {
    CHECK(chosen("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
                 "2 1 0:5 / /proc rw - proc proc rw\n"
                 "3 1 0:6 / /nfs rw - nfs4 server:/export rw\n"
                 "4 1 0:7 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw\n"
                 "5 1 8:32 / /cluster rw - ocfs2 /dev/sdc rw\n"
                 "6 1 0:8 / /share rw - cifs //server/share rw\n"
                 "7 1 253:0 / /home rw - xfs /dev/mapper/vg-home rw\n") ==
          Names{"/dev/sda1 at /", "/dev/mapper/vg-home at /home"});
  }

  TEST_CASE("of bind mounts keeps the one nearest to the root") {
    CHECK(chosen("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
                 "2 1 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n"
                 "3 1 8:2 /db /db rw - ext4 /dev/sda2 rw\n"
                 "4 1 8:1 /var/log /srv/log rw - ext4 /dev/sda1 rw\n"
                 "5 1 8:2 / /d rw - ext4 /dev/sda2 rw\n") ==
          Names{"/dev/sda1 at /", "/dev/sda2 at /d"});
  }

  TEST_CASE("keeps each subvolume of btrfs") {
    CHECK(chosen("1 0 0:26 /@ / rw - btrfs /dev/sda3 rw\n"
                 "2 1 0:26 /@home /home rw - btrfs /dev/sda3 rw\n",
                 {{"/", 40}, {"/home", 41}}) == Names{"/dev/sda3 at /", "/dev/sda3 at /home"});
  }

  TEST_CASE("leaves out what another mount hides") {
    CHECK(chosen("1 0 8:1 / /mnt rw - ext4 /dev/sda1 rw\n"
                 "2 1 8:2 / /mnt rw - ext4 /dev/sda2 rw\n") == Names{"/dev/sda2 at /mnt"});
    CHECK(chosen("1 0 8:1 / /mnt rw - ext4 /dev/sda1 rw\n"
                 "2 1 0:9 / /mnt rw - tmpfs tmpfs rw\n") == Names{});
    CHECK(chosen("1 0 8:1 / /mnt/deep rw - ext4 /dev/sda1 rw\n"
                 "2 1 0:9 / /mnt rw - tmpfs tmpfs rw\n",
                 {{"/mnt/deep", 9}}) == Names{});
    CHECK(chosen("1 0 8:1 / /gone rw - ext4 /dev/sda1 rw\n", {{"/gone", std::nullopt}}) == Names{});
  }

  TEST_CASE("leaves out docker's devicemapper devices") {
    CHECK(chosen("1 0 253:1 / /a rw - ext4 /dev/mapper/docker-8:1-1234-abc rw\n"
                 "2 0 253:2 / /b rw - ext4 /dev/mapper/docker-pool rw\n"
                 "3 0 253:3 / /var/lib/docker/devicemapper/mnt/abc rw - xfs /dev/dm-3 rw\n"
                 "4 0 253:4 / /data rw - xfs /dev/dm-4 rw\n") == Names{"/dev/dm-4 at /data"});
  }

  TEST_CASE("names a device that is called by a UUID as the kernel does") {
    CHECK(chosen("1 0 253:0 / / rw - ext4 "
                 "/dev/mapper/luks-828fc648-9f30-43d8-a0b1-f7196a2edb66 rw\n") ==
          Names{"/dev/dm-0 at /"});
    CHECK(chosen("1 0 253:0 / / rw - ext4 /dev/mapper/luks-root rw\n") ==
          Names{"/dev/mapper/luks-root at /"});
  }
}
