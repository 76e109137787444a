// What the CPUs spent their time on, from /proc/stat, and the shares between two readings. Pure
// functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/proc_file.h"

namespace shoal::cpu {

// The shares, in the order of the kernel's columns. Guest time is also in user time, as the kernel
// counts it; the share "user" is without.
inline constexpr std::array<std::string_view, 9> share_names = {
    "user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest"};

struct CpuTimes {
  std::array<std::uint64_t, share_names.size()> ticks{};
  std::size_t columns = 0;  // how many of them the kernel says; at least four
  std::uint32_t cpus = 0;   // at least one
};

// Throws std::runtime_error that names the file when there is no line "cpu" with four numbers, or
// no line of a single CPU after it.
CpuTimes parse_stat(const common::FileText& file);

// In percent of one CPU, so that all of them make 100 for each CPU.
using CpuShares = std::array<std::optional<double>, share_names.size()>;

// What was spent between two readings. A share is absent if one of them lacks it or its counter
// went backwards (iowait does); all are if no time has passed.
CpuShares shares_between(const CpuTimes& before, const CpuTimes& now);

}  // namespace shoal::cpu
