// What an instance's counters read last, and when: handed from an instance to the one that takes
// its place, so that a new version of a plugin leaves no gap in a graph. Plain data.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"

namespace shoal::plugin {

struct Reading {
  double value = 0;
  SteadyTime began;
  WallTime scheduled;
};

struct SeriesMemory {
  std::unordered_map<std::string, Reading> counters;  // by name and labels
  std::optional<WallTime> scheduled;                  // the last round
};

}  // namespace shoal::plugin
