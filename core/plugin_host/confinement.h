// What a plugin's process may not do, laid on before a byte of the plugin runs and never lifted
// again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plugin/process/watch.h"

namespace shoal::plugin_host {

struct Confinement {
  std::string user;                                           // empty: stay who we are
  std::uint64_t memory_bytes = plugin::default_memory_limit;  // that it may hold after a call
  bool has_call_filter = false;
  std::uint64_t files = 256;
  std::uint64_t processes = 256;  // of its user in all; laid on only with a user of its own
};

// Throws Error, in words for the operator, when something that was asked for cannot be had. Sets
// no_new_privs always.
void confine(const Confinement& wanted);

}  // namespace shoal::plugin_host
