// What checks measure, on its way to the graphs. Pure function.
#pragma once

#include <vector>

#include "record/record.h"

namespace shoal::agent {

// Puts a copy of each performance sample that a check result carries behind `records`, as a record
// of its own: routes, outputs and the history know samples, wherever they come from.
void add_performance_samples(std::vector<record::Record>& records);

}  // namespace shoal::agent
