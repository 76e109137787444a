// The small durable map that each job has, as plugins are lent it through "shoal.state/1".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace shoal::plugin {

// Thread-safe; calls may block. All throw Error: a key that is not 1 to 200 bytes, a job's megabyte
// exceeded, a store that fails.
class State {
 public:
  virtual ~State() = default;
  virtual std::optional<std::string> get(std::string_view job, std::string_view key) = 0;
  // Durable when it returns.
  virtual void put(std::string_view job, std::string_view key, std::string_view value) = 0;
  virtual void remove(std::string_view job, std::string_view key) = 0;
};

}  // namespace shoal::plugin
