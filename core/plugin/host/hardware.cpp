#include "plugin/host/hardware.h"

#include <cstdlib>
#include <system_error>

#include <fmt/core.h>

namespace shoal::plugin::host {
namespace {

constexpr std::array<Renaming, 9> cpu_names{{{"vendor_id", "vendor_id"},
                                             {"model", "model"},
                                             {"stepping", "stepping"},
                                             {"physical id", "physical_id"},
                                             {"core id", "core_id"},
                                             {"cache size", "cache_size"},
                                             {"model name", "model_name"},
                                             {"cpu family", "family"},
                                             {"cpu MHz", "mhz"}}};

// cpuinfo_max_freq is in kHz.
std::string max_mhz(const std::string& sys, std::size_t cpu) {
  const auto text =
      read_file(fmt::format("{}/devices/system/cpu/cpu{}/cpufreq/cpuinfo_max_freq", sys, cpu));
  const double khz = std::strtod(text.c_str(), nullptr);
  if (khz <= 0) return {};
  return fmt::format("{}", khz / 1000);
}

constexpr std::array<Renaming, 28> memory_names{{{"MemTotal", "total"},
                                                 {"MemFree", "free"},
                                                 {"Buffers", "buffers"},
                                                 {"Cached", "cached"},
                                                 {"Active", "active"},
                                                 {"Inactive", "inactive"},
                                                 {"HighTotal", "high_total"},
                                                 {"HighFree", "high_free"},
                                                 {"LowTotal", "low_total"},
                                                 {"LowFree", "low_free"},
                                                 {"Dirty", "dirty"},
                                                 {"Writeback", "writeback"},
                                                 {"AnonPages", "anon_pages"},
                                                 {"Mapped", "mapped"},
                                                 {"Slab", "slab"},
                                                 {"SReclaimable", "slab_reclaimable"},
                                                 {"SUnreclaim", "slab_unreclaim"},
                                                 {"PageTables", "page_tables"},
                                                 {"NFS_Unstable", "nfs_unstable"},
                                                 {"Bounce", "bounce"},
                                                 {"CommitLimit", "commit_limit"},
                                                 {"Committed_AS", "committed_as"},
                                                 {"VmallocTotal", "vmalloc_total"},
                                                 {"VmallocUsed", "vmalloc_used"},
                                                 {"VmallocChunk", "vmalloc_chunk"},
                                                 {"SwapCached", "swap_cached"},
                                                 {"SwapTotal", "swap_total"},
                                                 {"SwapFree", "swap_free"}}};

}  // namespace

std::vector<Facts> cpu_facts(std::string_view cpuinfo, const std::string& sys) {
  std::vector<Facts> cpus;
  for_each_line(cpuinfo, [&](std::string_view line) {
    const auto [name, value] = split(line, ':');
    if (name == "processor") cpus.push_back({{"cores", "1"}});
    const auto key = renamed(cpu_names, name);
    if (!key.empty() && !cpus.empty()) put_if_any(cpus.back(), key, value);
  });
  for (std::size_t i = 0; i < cpus.size(); ++i) put_if_any(cpus[i], "mhz", max_mhz(sys, i));
  return cpus;
}

Facts memory_facts(std::string_view meminfo) {
  Facts facts;
  for_each_line(meminfo, [&](std::string_view line) {
    const auto [name, value] = split(line, ':');
    const auto [amount, unit] = split(value, ' ');
    const auto key = renamed(memory_names, name);
    if (!key.empty()) put_if_any(facts, key, std::string(amount) + std::string(unit));
  });
  return facts;
}

std::map<std::string, Facts> block_device_facts(const std::string& sys) {
  std::map<std::string, Facts> devices;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(sys + "/block", ignored)) {
    auto& device = devices[entry.path().filename().string()];
    for (const auto* name : {"size", "removable"}) {
      put_if_any(device, name, trimmed(read_file(entry.path() / name)));
    }
    for (const auto* name : {"model", "rev", "state", "timeout", "vendor"}) {
      put_if_any(device, name, trimmed(read_file(entry.path() / "device" / name)));
    }
  }
  return devices;
}

}  // namespace shoal::plugin::host
