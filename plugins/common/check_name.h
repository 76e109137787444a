// What the series of a check's performance data are called: the plugin, then the check, so that two
// checks of one plugin are two lines of one graph: "http.web.seconds".
#pragma once

#include <string>

#include <shoal/plugin.hpp>

#include "common/sanitize.h"

namespace shoal::common {

// "http.web" for the job "check:web" of the plugin "http".
inline std::string check_prefix(const std::string& plugin, const Context& context) {
  const auto& job = context.job();
  return plugin + "." + sanitized(job.substr(job.find(':') + 1));
}

}  // namespace shoal::common
