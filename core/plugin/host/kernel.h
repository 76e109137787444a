// The kernel and the distribution, as Mackerel wants them told. Pure but for system_kernel().
#pragma once

#include <string>
#include <string_view>

#include "plugin/host/facts.h"

namespace shoal::plugin::host {

// As uname tells.
struct Kernel {
  std::string name;
  std::string release;
  std::string version;
  std::string machine;
};
Kernel system_kernel();

// From the texts of /etc/os-release and /etc/debian_version, which may be empty.
Facts kernel_facts(const Kernel& kernel, std::string_view os_release,
                   std::string_view debian_version);

}  // namespace shoal::plugin::host
