#include "alert/check_rules.h"

#include <string_view>

namespace shoal::alert {

CheckRules rules_of(const config::JobSettings& settings) {
  constexpr std::string_view prefix = "check:";
  CheckRules rules{.max_attempts = settings.max_check_attempts.value_or(1),
                   .recovery_attempts = settings.recovery_attempts,
                   .detects_flapping = settings.detects_flapping,
                   .ttl = settings.ttl,
                   .round = settings.interval + settings.timeout,
                   .memo = settings.memo};
  if (settings.notification_interval_minutes) {
    rules.notification_interval = std::chrono::minutes(*settings.notification_interval_minutes);
  }
  for (const std::string& id : settings.depends_on) {
    rules.depends_on.push_back(id.substr(prefix.size()));
  }
  return rules;
}

}  // namespace shoal::alert
