// What a section of the configuration says about the alerts of its check. Plain data.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"

namespace shoal::alert {

struct CheckRules {
  int max_attempts = 1;       // results that are not OK, in a row, until it is a problem
  int recovery_attempts = 1;  // OK results in a row until it is none
  std::optional<std::chrono::minutes> notification_interval;
  bool detects_flapping = false;
  std::optional<std::chrono::milliseconds> ttl;
  std::vector<std::string> depends_on;      // names of checks
  std::chrono::milliseconds round{60'000};  // by then another result should have come
  std::string memo;
};

CheckRules rules_of(const config::JobSettings& settings);

}  // namespace shoal::alert
