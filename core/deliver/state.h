// How the delivery to one output is going, for status. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace shoal::deliver {

enum class Activity : std::uint8_t {
  starting,    // the instance has not yet been started
  idle,        // nothing is pending
  delivering,  // a batch is being offered
  waiting,     // for the time the receiver asked for, or for the pace of the backlog
  failing,     // the last offer failed; next_try says when the next is due
  stopped
};
std::string_view activity_name(Activity activity);

struct State {
  Activity activity = Activity::starting;
  WallTime since;                    // of this activity
  std::optional<WallTime> next_try;  // waiting and failing only
  std::uint64_t offers = 0;          // calls of the instance
  unsigned failures = 0;             // in a row
  std::optional<WallTime> failing_since;
  std::string last_error;
  std::optional<WallTime> last_error_time;
  std::optional<WallTime> last_success;
};

}  // namespace shoal::deliver
