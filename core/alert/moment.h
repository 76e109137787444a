// Now, on both clocks, as the caller's clock says: the alert stage has none. Plain data.
#pragma once

#include "base/clock.h"

namespace shoal::alert {

struct Moment {
  WallTime wall;
  SteadyTime steady;
};

}  // namespace shoal::alert
