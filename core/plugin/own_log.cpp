#include <shoal/plugin.h>

#include "base/log.h"
#include "plugin/plugin_log.h"
#include "plugin/services.h"

namespace shoal::plugin {
namespace {

class OwnLog final : public PluginLog {
 public:
  void write(std::uint32_t level, std::string_view job, std::string_view line) override {
    switch (level) {
      case SHOAL_LOG_DEBUG:
        return log::debug("{}: {}", job, line);
      case SHOAL_LOG_WARNING:
        return log::warning("{}: {}", job, line);
      case SHOAL_LOG_ERROR:
        return log::error("{}: {}", job, line);
      default:
        return log::info("{}: {}", job, line);
    }
  }
};

}  // namespace

PluginLog& own_log() {
  static OwnLog log;
  return log;
}

}  // namespace shoal::plugin
