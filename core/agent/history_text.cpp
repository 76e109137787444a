#include "agent/history_text.h"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/chrono.h>
#include <fmt/core.h>

namespace shoal::agent {
namespace {

constexpr std::array<std::string_view, 8> blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

struct Share {
  double sum = 0;
  std::size_t count = 0;
};

std::vector<Share> shares_of(const std::vector<PlotPoint>& points, std::size_t width) {
  const auto first = points.front().time;
  const auto span = std::max<std::int64_t>((points.back().time - first).count(), 1);
  std::vector<Share> shares(width);
  for (const PlotPoint& point : points) {
    const double position =
        static_cast<double>((point.time - first).count()) / static_cast<double>(span);
    const auto index = static_cast<std::size_t>(position * static_cast<double>(width));
    Share& share = shares[std::min(index, width - 1)];
    share.sum += point.value;
    ++share.count;
  }
  return shares;
}

std::string local_time(WallTime time) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}",
                     fmt::localtime(static_cast<time_t>(unix_seconds(time))));
}

}  // namespace

std::string plot(const std::vector<PlotPoint>& points, std::size_t width) {
  if (points.empty()) return {};
  const auto by_value = [](const PlotPoint& a, const PlotPoint& b) { return a.value < b.value; };
  const auto [lowest, highest] = std::minmax_element(points.begin(), points.end(), by_value);
  const double range = highest->value - lowest->value;
  std::string line;
  for (const Share& share : shares_of(points, std::min(width, points.size()))) {
    if (share.count == 0) {
      line += " ";
      continue;
    }
    const double mean = share.sum / static_cast<double>(share.count);
    const double height = range > 0 ? (mean - lowest->value) / range : 0;
    line += blocks[static_cast<std::size_t>(height * (blocks.size() - 1) + 0.5)];
  }
  return line;
}

std::string series_text(std::string_view name, const std::vector<PlotPoint>& points,
                        std::size_t rows) {
  if (points.empty()) return fmt::format("{}: nothing in this time\n", name);
  const auto by_value = [](const PlotPoint& a, const PlotPoint& b) { return a.value < b.value; };
  const auto [lowest, highest] = std::minmax_element(points.begin(), points.end(), by_value);
  const double sum =
      std::accumulate(points.begin(), points.end(), 0.0,
                      [](double total, const PlotPoint& point) { return total + point.value; });
  std::string text = fmt::format(
      "{}  {} points  min {:.6g}  mean {:.6g}  max {:.6g}\n{}\n", name, points.size(),
      lowest->value, sum / static_cast<double>(points.size()), highest->value, plot(points, 72));
  const std::size_t skipped = points.size() > rows ? points.size() - rows : 0;
  for (std::size_t i = skipped; i < points.size(); ++i) {
    text += fmt::format("{}  {:.12g}\n", local_time(points[i].time), points[i].value);
  }
  return text;
}

}  // namespace shoal::agent
