// What slackboard tells of itself, as far as it means something here. Pure but for what the process
// is asked.
#pragma once

#include <string>

#include "base/clock.h"
#include "config/settings.h"

namespace shoal::relay {

// GET /stat/go: an object with the names of golang-stats-api-handler: threads, processors, and the
// heap in bytes. What only Go has is left out, which its readers take for 0.
std::string runtime_json(const Clock& clock);

// GET /config/app: the configuration as slackboard writes it, TOML; the webhook is a secret.
std::string to_toml(const config::RelaySettings& settings);

}  // namespace shoal::relay
