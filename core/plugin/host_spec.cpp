#include "plugin/host_spec.h"

#include <nlohmann/json.hpp>

#include "plugin/host/facts.h"
#include "plugin/host/filesystems.h"
#include "plugin/host/hardware.h"
#include "plugin/host/interfaces.h"
#include "plugin/host/kernel.h"

namespace shoal::plugin {
namespace {

using nlohmann::json;

json filesystem_json(const std::string& mountinfo) {
  json all = json::object();
  for (const auto& [device, mount_point, size] :
       host::file_systems(mountinfo, &host::measure_system)) {
    all[device] = {{"kb_size", size.total_kb},
                   {"kb_used", size.used_kb},
                   {"kb_available", size.available_kb},
                   {"percent_used", host::percent_used(size)},
                   {"mount", mount_point}};
  }
  return all;
}

json interfaces_json() {
  json all;
  for (const auto& [name, mac, ipv4, ipv6] : host::interfaces_of(host::system_addresses())) {
    json one{{"name", name}, {"ipv4Addresses", ipv4}, {"ipv6Addresses", ipv6}};
    if (!mac.empty()) one["macAddress"] = mac;
    all.push_back(std::move(one));
  }
  return all;
}

json meta_json(const SpecSources& sources) {
  const auto& [proc, sys, etc] = sources;
  json meta{
      {"kernel", host::kernel_facts(host::system_kernel(), host::read_file(etc + "/os-release"),
                                    host::read_file(etc + "/debian_version"))},
      {"cpu", host::cpu_facts(host::read_file(proc + "/cpuinfo"), sys)},
      {"memory", host::memory_facts(host::read_file(proc + "/meminfo"))},
      {"block_device", host::block_device_facts(sys)},
      {"filesystem", filesystem_json(host::read_file(proc + "/self/mountinfo"))}};
  for (auto part = meta.begin(); part != meta.end();) {
    part = part->empty() ? meta.erase(part) : std::next(part);
  }
  return meta;
}

}  // namespace

std::string host_spec_json(const std::string& host_name, const SpecSources& sources) {
  const json spec{
      {"name", host_name}, {"meta", meta_json(sources)}, {"interfaces", interfaces_json()}};
  return spec.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace shoal::plugin
