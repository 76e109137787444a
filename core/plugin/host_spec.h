// What this host is made of, as one JSON object in the shapes of Mackerel's host API. Keeps
// nothing; thread-safe.
#pragma once

#include <string>

namespace shoal::plugin {

// Where it is read from.
struct SpecSources {
  std::string proc = "/proc";
  std::string sys = "/sys";
  std::string etc = "/etc";
};

// {"name", "meta": {"kernel", "cpu", "memory", "block_device", "filesystem"}, "interfaces"}. What
// cannot be read is left out; "interfaces" is null if there are none.
std::string host_spec_json(const std::string& host_name, const SpecSources& sources);

}  // namespace shoal::plugin
