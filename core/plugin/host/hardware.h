// CPUs, memory and disks, as Mackerel wants them told. Pure but for reading below a given
// directory.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/host/facts.h"

namespace shoal::plugin::host {

// For each CPU, from the text of /proc/cpuinfo; where the kernel scales its clock, the highest is
// told, from below `sys`.
std::vector<Facts> cpu_facts(std::string_view cpuinfo, const std::string& sys);

// From the text of /proc/meminfo; value and unit are one word, "123kB".
Facts memory_facts(std::string_view meminfo);

// For each device below `sys`/block.
std::map<std::string, Facts> block_device_facts(const std::string& sys);

}  // namespace shoal::plugin::host
