#include "agent/history_text.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace shoal;
using namespace shoal::agent;
using namespace std::chrono_literals;

namespace {

const WallTime noon = from_unix_nanoseconds(1'800'000'000'000'000'000);

std::vector<PlotPoint> every_minute(const std::vector<double>& values) {
  std::vector<PlotPoint> points;
  for (const double value : values) points.push_back({noon + points.size() * 1min, value});
  return points;
}

}  // namespace

TEST_SUITE("history text") {
  TEST_CASE("plots from the lowest to the highest value") {
    CHECK(plot(every_minute({0, 1, 2, 7}), 4) == "▁▂▃█");
  }

  TEST_CASE("plots a flat series as a floor") {
    CHECK(plot(every_minute({5, 5, 5}), 72) == "▁▁▁");
  }

  TEST_CASE("leaves a blank where nothing was measured") {
    std::vector<PlotPoint> points = every_minute({0, 1});
    points.push_back({noon + 10min, 1});
    points.push_back({noon + 11min, 0});

    CHECK(plot(points, 4) == "▅  ▅");
  }

  TEST_CASE("gives the newest points as a table under the range") {
    const std::string text = series_text("loadavg5", every_minute({1, 2, 3}), 2);

    CHECK(text.find("loadavg5  3 points  min 1  mean 2  max 3\n▁▅█\n") == 0);
    CHECK(std::count(text.begin(), text.end(), '\n') == 4);
  }

  TEST_CASE("says so when there is nothing") {
    CHECK(series_text("loadavg5", {}) == "loadavg5: nothing in this time\n");
  }
}
