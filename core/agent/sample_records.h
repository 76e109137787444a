// One record of each kind, for an output that is tried out by hand. Pure function.
#pragma once

#include <vector>

#include "record/record.h"

namespace shoal::agent {

// Those of the kinds in `accepted`; all if it is empty.
std::vector<record::Record> sample_records(const std::vector<record::Kind>& accepted, WallTime now);

}  // namespace shoal::agent
