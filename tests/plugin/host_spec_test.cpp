#include "plugin/host_spec.h"

#include <map>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "plugin/host/filesystems.h"
#include "plugin/host/hardware.h"
#include "plugin/host/interfaces.h"
#include "plugin/host/kernel.h"
#include "support/recorded.h"

using namespace shoal::plugin;
using nlohmann::json;
using shoal::test::read_whole;

namespace {

const std::string recorded_host = std::string(TESTDATA) + "/host";
using Addresses = std::vector<host::InterfaceAddress>;
constexpr auto mac = host::InterfaceAddress::Kind::mac;
constexpr auto ipv4 = host::InterfaceAddress::Kind::ipv4;
constexpr auto ipv6 = host::InterfaceAddress::Kind::ipv6;

std::map<std::string, std::string> mount_points_by_device(
    const std::vector<host::FileSystem>& file_systems) {
  std::map<std::string, std::string> all;
  for (const auto& one : file_systems) all[one.device] = one.mount_point;
  return all;
}

std::optional<host::FileSystemSize> one_megabyte(const std::string&) {
  return host::FileSystemSize{1024, 24, 1000};
}

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key + " " + value.type_name());
  return keys;
}

}  // namespace

TEST_SUITE("kernel facts") {
  TEST_CASE("take Debian's version from its own file") {
    const auto facts = host::kernel_facts({"Linux", "6.1.0", "#1 SMP", "x86_64"},
                                          read_whole(recorded_host + "/etc/os-release"),
                                          read_whole(recorded_host + "/etc/debian_version"));

    CHECK(facts == host::Facts{{"name", "Linux"},
                               {"release", "6.1.0"},
                               {"version", "#1 SMP"},
                               {"machine", "x86_64"},
                               {"os", "GNU/Linux"},
                               {"platform_name", "Debian"},
                               {"platform_version", "12.11"}});
  }

  TEST_CASE("name other distributions as Mackerel does, unknown ones as they do themselves") {
    const auto name_of = [](const char* os_release) {
      auto facts = host::kernel_facts({}, os_release, "trixie/sid");
      return facts["platform_name"] + " " + facts["platform_version"];
    };

    CHECK(name_of("NAME=x\nID=ubuntu\nVERSION_ID=\"24.04\"\n") == "Ubuntu 24.04");
    CHECK(name_of("ID=\"rhel\"\nVERSION_ID=\"9.4\"") == "Red Hat Enterprise Linux 9.4");
    CHECK(name_of("ID='rocky'\nVERSION_ID='9.4'") == "rocky 9.4");
    CHECK(name_of("") == " ");
  }
}

TEST_SUITE("cpu facts") {
  TEST_CASE("are one set of texts for each CPU") {
    const auto cpus =
        host::cpu_facts(read_whole(recorded_host + "/proc/cpuinfo"), recorded_host + "/sys");

    REQUIRE(cpus.size() == 2);
    CHECK(cpus[0] == host::Facts{{"vendor_id", "AuthenticAMD"},
                                 {"model", "2"},
                                 {"stepping", "1"},
                                 {"physical_id", "0"},
                                 {"core_id", "0"},
                                 {"cache_size", "1024 KB"},
                                 {"model_name", "AMD EPYC"},
                                 {"family", "26"},
                                 {"cores", "1"},
                                 {"mhz", "2596.122"}});
  }

  TEST_CASE("tell the highest clock where the kernel scales it") {
    const auto cpus =
        host::cpu_facts(read_whole(recorded_host + "/proc/cpuinfo"), recorded_host + "/sys");

    CHECK(cpus[1].at("mhz") == "3600.5");
  }

  TEST_CASE("are none where nothing is known") {
    CHECK(host::cpu_facts("", "/nonexistent").empty());
    CHECK(host::cpu_facts("model name : before any processor\n", "/nonexistent").empty());
  }
}

TEST_SUITE("memory facts") {
  TEST_CASE("join value and unit") {
    const auto facts = host::memory_facts(read_whole(recorded_host + "/proc/meminfo"));

    CHECK(facts.at("total") == "24684084kB");
    CHECK(facts.at("slab_reclaimable") == "316204kB");
    CHECK_FALSE(facts.contains("available"));
  }
}

TEST_SUITE("block device facts") {
  TEST_CASE("are texts, as far as the device has them") {
    CHECK(host::block_device_facts(recorded_host + "/sys") ==
          std::map<std::string, host::Facts>{
              {"loop0", {{"size", "0"}, {"removable", "0"}}},
              {"vda", {{"size", "536870912"}, {"removable", "0"}, {"vendor", "0x1af4"}}}});
    CHECK(host::block_device_facts("/nonexistent").empty());
  }
}

TEST_SUITE("file systems") {
  const std::string mountinfo = read_whole(recorded_host + "/proc/self/mountinfo");

  TEST_CASE("are local, each once, where most of it is seen") {
    const auto mounts = mount_points_by_device(host::file_systems(mountinfo, &one_megabyte));

    CHECK(mounts.at("/dev/vda") == "/");
    CHECK(mounts.at("/dev/vdb1") == "/srv/my data");
    CHECK(mounts.at("tmpfs") == "/sys/fs/cgroup");
    CHECK_FALSE(mounts.contains("server:/export"));
    CHECK_FALSE(mounts.contains("systemd-1"));
    CHECK_FALSE(mounts.contains("/dev/mapper/docker-254:0-1-abc"));
  }

  TEST_CASE("are not measured where a server may hang") {
    std::set<std::string> measured;
    host::file_systems(mountinfo, [&](const std::string& mount_point) {
      measured.insert(mount_point);
      return one_megabyte(mount_point);
    });

    CHECK(measured.contains("/"));
    CHECK_FALSE(measured.contains("/mnt/far"));
    CHECK_FALSE(measured.contains("/mnt/auto"));
  }

  TEST_CASE("are left out if they are empty or cannot be measured") {
    const auto measure = [](const std::string& mount) -> std::optional<host::FileSystemSize> {
      if (mount == "/") return std::nullopt;
      return host::FileSystemSize{};
    };

    CHECK(host::file_systems(mountinfo, measure).empty());
  }

  TEST_CASE("are shown by the last mount on a mount point") {
    const auto* text =
        "1 0 8:1 / /data rw - ext4 /dev/sda1 rw\n"
        "2 0 8:2 / /data rw - ext4 /dev/sda2 rw\n"
        "damaged line\n";

    CHECK(mount_points_by_device(host::file_systems(text, &one_megabyte)) ==
          std::map<std::string, std::string>{{"/dev/sda2", "/data"}});
  }

  TEST_CASE("are used to a percentage rounded up, as df tells") {
    CHECK(host::percent_used({1024, 24, 1000}) == "3%");
    CHECK(host::percent_used({0, 0, 0}) == "0%");
    CHECK(host::percent_used({100, 100, 0}) == "100%");
    CHECK(host::percent_used({1000, 0, 1000}) == "0%");
  }
}

TEST_SUITE("interfaces") {
  TEST_CASE("are those with an address of their own") {
    const auto interfaces = host::interfaces_of({{"lo", mac, ""},
                                                 {"lo", ipv4, "127.0.0.1"},
                                                 {"lo", ipv6, "::1"},
                                                 {"eth1", mac, "02:00:00:00:00:02"},
                                                 {"eth0", mac, "02:00:00:00:00:01"},
                                                 {"eth0", ipv4, "192.0.2.10"},
                                                 {"eth0", ipv4, "192.0.2.11"},
                                                 {"eth0", ipv6, "fe80::1"}});

    REQUIRE(interfaces.size() == 1);
    CHECK(interfaces[0].name == "eth0");
    CHECK(interfaces[0].mac == "02:00:00:00:00:01");
    CHECK(interfaces[0].ipv4 == std::vector<std::string>{"192.0.2.10", "192.0.2.11"});
    CHECK(interfaces[0].ipv6 == std::vector<std::string>{"fe80::1"});
  }
}

TEST_SUITE("host spec") {
  TEST_CASE("has the keys and types that mackerel-agent sends") {
    const auto sent = json::parse(read_whole(AGENT_HOST));

    const auto spec = json::parse(host_spec_json(
        "vm", {recorded_host + "/proc", recorded_host + "/sys", recorded_host + "/etc"}));

    CHECK(spec["name"] == "vm");
    for (const auto* part : {"kernel", "memory"}) {
      CHECK(keys_of(spec["meta"][part]) == keys_of(sent["meta"][part]));
    }
    CHECK(keys_of(spec["meta"]["cpu"][0]) == keys_of(sent["meta"]["cpu"][0]));
    CHECK(keys_of(spec["meta"]["block_device"]["vda"]) ==
          keys_of(sent["meta"]["block_device"]["vda"]));
    CHECK(keys_of(spec["meta"]["filesystem"]["/dev/vda"]) ==
          keys_of(sent["meta"]["filesystem"]["/dev/vda"]));
    CHECK(spec.contains("interfaces"));
  }

  TEST_CASE("leaves out what cannot be read") {
    const auto spec =
        json::parse(host_spec_json("vm", {"/nonexistent", "/nonexistent", "/nonexistent"}));

    CHECK(keys_of(spec["meta"]) == std::set<std::string>{"kernel object"});
  }
}
