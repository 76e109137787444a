// Who this host is, as plugins are told through "shoal.identity/1".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace shoal::plugin {

// Thread-safe; may read files.
class Identity {
 public:
  virtual ~Identity() = default;
  virtual std::string host_name() = 0;
  // The id under which the receiver behind `output` knows the host. Throws Error if there is one
  // that cannot be read: an output that took that for none would register the host again.
  virtual std::optional<std::string> host_id(std::string_view output) = 0;
  // Durable when it returns; empty `id` forgets. Throws Error when it cannot be written.
  virtual void set_host_id(std::string_view output, std::string_view id) = 0;
  virtual std::string host_spec_json() = 0;
  virtual std::string jobs_json() = 0;
};

}  // namespace shoal::plugin
