#include "load_averages.h"

#include "common/fields.h"

namespace shoal::loadavg {
namespace {

double take_average(std::string_view& rest, const common::FileText& file) {
  const auto field = common::take_field(rest);
  const auto average = field ? common::to_decimal(*field) : std::nullopt;
  if (!average) common::refuse(file, "three load averages", file.text);
  return *average;
}

}  // namespace

LoadAverages parse_loadavg(const common::FileText& file) {
  auto rest = file.text;
  const double one = take_average(rest, file);
  const double five = take_average(rest, file);
  const double fifteen = take_average(rest, file);
  return {one, five, fifteen};
}

}  // namespace shoal::loadavg
