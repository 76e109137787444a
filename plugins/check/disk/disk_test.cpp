#include <doctest/doctest.h>

#include "choice.h"
#include "space.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using namespace shoal::disk;
using shoal::test::PluginFixture;
using Names = std::vector<std::string>;

namespace {

constexpr std::uint64_t gibi = std::uint64_t{1024} * 1024 * 1024;

Names chosen(const Wanted& wanted) {
  const auto text = shoal::test::recorded("self/mountinfo");
  Names names;
  const auto choice = choose(shoal::common::parse_mountinfo({"mountinfo", text}), wanted);
  for (const auto& mount : choice.mounts) names.push_back(mount.mount_point + " " + mount.type);
  for (const auto& name : choice.missing) names.push_back("missing " + name);
  return names;
}

// 100 blocks of 1 GiB: 60 used, 30 free to users, 10 kept for root.
struct statvfs example() {
  struct statvfs status {};
  status.f_frsize = gibi;
  status.f_blocks = 100;
  status.f_bfree = 40;
  status.f_bavail = 30;
  status.f_files = 1000;
  status.f_ffree = 250;
  return status;
}

bool is_broken(const char* threshold) {
  const auto parsed = SpaceThreshold::parse(threshold);
  REQUIRE(parsed);
  return parsed->is_broken_by(*space_from(example()));
}

// A procfs whose only mount is the root of this host.
struct RootOnly {
  shoal::test::TemporaryDirectory proc;
  RootOnly() { proc.write("self/mountinfo", "27 1 8:1 / / rw - ext4 /dev/sda1 rw\n"); }

  PluginFixture::OptionMap with(PluginFixture::OptionMap options) const {
    options.emplace("proc", proc.path().string());
    return options;
  }
  std::uint32_t status(const std::string& option, const std::string& value) const {
    PluginFixture plugin(with({{option, value}}));
    return plugin.check().status;
  }
};

std::string refusal_of(const PluginFixture::OptionMap& options) {
  PluginFixture plugin(options);
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

}  // namespace

TEST_SUITE("check disk") {
  TEST_CASE("counts what users may use, as df does") {
    const auto space = space_from(example());

    REQUIRE(space);
    CHECK(space->free_bytes == 30 * gibi);
    CHECK(space->whole_bytes == 90 * gibi);
    CHECK(space->free_percent == doctest::Approx(33.333).epsilon(0.001));
    CHECK(space->free_inodes_percent == 25);
  }

  TEST_CASE("knows file systems without blocks and without inodes") {
    CHECK_FALSE(space_from({}));
    auto status = example();
    status.f_files = 0;
    CHECK_FALSE(space_from(status)->free_inodes_percent);
    status.f_bfree = status.f_bavail = 0;
    CHECK(space_from(status)->free_percent == 0);
  }

  TEST_CASE("takes thresholds in percent and in bytes, plain and as ranges") {
    CHECK(is_broken("34%"));
    CHECK_FALSE(is_broken("33%"));
    CHECK(is_broken("31GiB"));
    CHECK_FALSE(is_broken("30GiB"));
    CHECK_FALSE(is_broken("32GB"));
    CHECK(is_broken("33gb"));
    CHECK(is_broken("34%:"));
    CHECK(is_broken("~:33%"));
    CHECK(is_broken("@30%:40%"));
    CHECK_FALSE(is_broken("10GiB:1TiB"));
  }

  TEST_CASE("takes no number without a unit") {
    for (const auto* text : {"", "10", "%", "GiB", "10 GiB", "-5%", "10:20%", "5XB", "1.2.3GiB"}) {
      CAPTURE(text);
      CHECK(SpaceThreshold::parse(text).has_value() == (std::string(text) == "-5%"));
    }
  }

  TEST_CASE("looks at what holds data of this host, each file system once") {
    CHECK(chosen({}) == Names{"/ ext4", "/run tmpfs", "/v xfs", "/mnt/old ext4"});
    CHECK(chosen({.excluded_mount_points = {"/run", "/v"}}) ==
          Names{"/ ext4", "/var xfs", "/mnt/old ext4"});
    CHECK(chosen({.excluded_types = {"tmpfs", "xfs"}}) == Names{"/ ext4", "/mnt/old ext4"});
    CHECK(chosen({.types = {"nfs4", "xfs"}}) == Names{"/v xfs", "/mnt/share nfs4"});
  }

  TEST_CASE("looks at named mount points whatever their type") {
    CHECK(chosen({.mount_points = {"/mnt/share", "/var", "/gone", "/mnt/old"}}) ==
          Names{"/mnt/share nfs4", "/var xfs", "/mnt/old ext4", "missing /gone"});
  }

  TEST_CASE("has its states") {
    const RootOnly host;

    CHECK(host.status("critical", "1B") == SHOAL_CHECK_OK);
    CHECK(host.status("warning", "@0%:100%") == SHOAL_CHECK_WARNING);
    CHECK(host.status("critical", "@0%:100%") == SHOAL_CHECK_CRITICAL);
    CHECK(host.status("critical_inodes", "@0:100") == SHOAL_CHECK_CRITICAL);
    CHECK(host.status("warning_inodes", "@0%:100%") == SHOAL_CHECK_WARNING);
  }

  TEST_CASE("tells each mount point and draws it") {
    const RootOnly host;
    PluginFixture plugin(host.with({{"critical", std::string("1B")}}));

    const auto verdict = plugin.check();

    CHECK(verdict.text.starts_with("/: "));
    CHECK(verdict.text.find("% free (") != std::string::npos);
    CHECK(plugin.emitted.at("disk.probe_1.free{mount_point=/}") > 0);
    CHECK(plugin.emitted.at("disk.probe_1.free_percentage{mount_point=/}") <= 100);
  }

  TEST_CASE("is UNKNOWN without the mount point, and the worst still counts") {
    const RootOnly host;
    PluginFixture plugin(
        host.with({{"mount_points", Names{"/gone", "/"}}, {"warning", std::string("@0%:100%")}}));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_WARNING);
    CHECK(verdict.text.ends_with("\n/gone: nothing is mounted there"));
    PluginFixture only(
        host.with({{"mount_points", Names{"/gone"}}, {"warning", std::string("1%")}}));
    CHECK(only.check().status == SHOAL_CHECK_UNKNOWN);
    PluginFixture none(
        host.with({{"exclude_mount_points", Names{"/"}}, {"warning", std::string("1%")}}));
    CHECK(none.check().text == "no file system is left to judge");
    CHECK(none.check().status == SHOAL_CHECK_UNKNOWN);
  }

  TEST_CASE("is UNKNOWN for a mount point that cannot be asked") {
    shoal::test::TemporaryDirectory proc;
    proc.write("self/mountinfo", "27 1 8:1 / /nonexistent rw - ext4 /dev/sda1 rw\n");
    PluginFixture plugin({{"proc", proc.path().string()}, {"warning", std::string("1%")}});

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == "/nonexistent: No such file or directory");
  }

  TEST_CASE("refuses options that judge nothing") {
    CHECK(refusal_of({{"warning", std::string("10")}}) ==
          "option warning: expected a percentage, a size with its unit, or a range of them, found "
          "\"10\"");
    CHECK(refusal_of({{"critical_inodes", std::string("few")}}) ==
          "option critical_inodes: expected a percentage or a range of percentages, found \"few\"");
    CHECK(
        refusal_of({}) ==
        "options: expected one of warning, critical, warning_inodes, critical_inodes, found none");
  }
}
