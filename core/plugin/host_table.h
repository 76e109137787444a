// The C face of the host: the table of functions that plugins call, and the services behind it.
// Nothing unwinds out of them. Thread-safe.
#pragma once

#include <shoal/plugin.h>

#include "plugin/services.h"

namespace shoal::plugin {

// One for all instances; outlives them.
class HostTable {
 public:
  explicit HostTable(const Services& services);
  HostTable(const HostTable&) = delete;
  HostTable& operator=(const HostTable&) = delete;

  const shoal_host* get() const { return &table_; }
  const Services& services() const { return services_; }

 private:
  static const void* SHOAL_CALL service(const shoal_host* host, const char* id) noexcept;

  shoal_host table_;  // first, so that its address is that of the whole
  const Services services_;
};

}  // namespace shoal::plugin
