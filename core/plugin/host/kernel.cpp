#include "plugin/host/kernel.h"

#include <sys/utsname.h>

namespace shoal::plugin::host {
namespace {

constexpr std::array<Renaming, 20> platform_names{{{"debian", "Debian"},
                                                   {"ubuntu", "Ubuntu"},
                                                   {"linuxmint", "Linux Mint"},
                                                   {"raspbian", "Raspbian"},
                                                   {"fedora", "Fedora"},
                                                   {"ol", "Oracle Linux"},
                                                   {"centos", "CentOS"},
                                                   {"rhel", "Red Hat Enterprise Linux"},
                                                   {"scientific", "Scientific Linux"},
                                                   {"amzn", "Amazon Linux"},
                                                   {"xenenterprise", "XenServer"},
                                                   {"cloudlinux", "CloudLinux"},
                                                   {"sles", "SUSE Linux Enterprise Server"},
                                                   {"opensuse-leap", "openSUSE"},
                                                   {"opensuse-tumbleweed", "openSUSE"},
                                                   {"gentoo", "Gentoo Linux"},
                                                   {"slackware", "Slackware"},
                                                   {"arch", "Arch Linux"},
                                                   {"alpine", "Alpine Linux"},
                                                   {"coreos", "CoreOS"}}};

// The value of KEY=value or KEY="value".
std::string_view os_release_value(std::string_view os_release, std::string_view key) {
  std::string_view value;
  for_each_line(os_release, [&](std::string_view line) {
    const auto [name, text] = split(line, '=');
    if (name != key) return;
    const bool is_quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'');
    value = is_quoted ? text.substr(1, text.size() - 2) : text;
  });
  return value;
}

}  // namespace

Kernel system_kernel() {
  utsname names{};
  ::uname(&names);
  return {names.sysname, names.release, names.version, names.machine};
}

Facts kernel_facts(const Kernel& kernel, std::string_view os_release,
                   std::string_view debian_version) {
  Facts facts{{"os", "GNU/Linux"}};
  put_if_any(facts, "name", kernel.name);
  put_if_any(facts, "release", kernel.release);
  put_if_any(facts, "version", kernel.version);
  put_if_any(facts, "machine", kernel.machine);
  const auto id = os_release_value(os_release, "ID");
  const auto platform = renamed(platform_names, id);
  put_if_any(facts, "platform_name", platform.empty() ? id : platform);
  // Debian says the point release only there.
  const auto version = id == "debian" ? trimmed(debian_version) : std::string_view{};
  put_if_any(facts, "platform_version",
             version.empty() ? os_release_value(os_release, "VERSION_ID") : version);
  return facts;
}

}  // namespace shoal::plugin::host
