// Where the lines go that plugins log. Thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace shoal::plugin {

class PluginLog {
 public:
  virtual ~PluginLog() = default;
  // `level` is one of SHOAL_LOG_DEBUG and its kin; `line` is one line, safe to show.
  virtual void write(std::uint32_t level, std::string_view job, std::string_view line) = 0;
};

}  // namespace shoal::plugin
