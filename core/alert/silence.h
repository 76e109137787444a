// When nobody is told of what befalls some checks: a window of a local day, or between two dates.
// Knows no clock; local time is that of the process. A value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "config/settings.h"

namespace shoal::alert {

class Silence {
 public:
  explicit Silence(config::SilenceSettings settings) : settings_(std::move(settings)) {}

  const std::string& name() const { return settings_.name; }
  // `job` as "check:web".
  bool covers(std::string_view job) const;
  bool is_on(WallTime now) const;
  // When it ends, being on; nothing if it lasts for more than a week.
  std::optional<WallTime> end(WallTime now) const;

 private:
  bool is_in_dates(WallTime now) const;
  bool is_in_times(WallTime now) const;

  config::SilenceSettings settings_;
};

}  // namespace shoal::alert
