// A series' past for a terminal: a small plot, then a table. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace shoal::agent {

struct PlotPoint {
  WallTime time;
  double value = 0;
};

// One line of at most `width` block characters, oldest left; each stands for the mean of an equal
// share of the time between the first and the last point, a blank for a share without points.
std::string plot(const std::vector<PlotPoint>& points, std::size_t width);

// Name, range and mean, the plot, and the newest `rows` points, newest last; local time.
std::string series_text(std::string_view name, const std::vector<PlotPoint>& points,
                        std::size_t rows = 20);

}  // namespace shoal::agent
