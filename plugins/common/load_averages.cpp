#include "common/load_averages.h"

#include "common/fields.h"

namespace shoal::common {
namespace {

double take_average(std::string_view& rest, const FileText& file) {
  const auto field = take_field(rest);
  const auto average = field ? to_decimal(*field) : std::nullopt;
  if (!average) refuse(file, "three load averages", file.text);
  return *average;
}

}  // namespace

LoadAverages parse_loadavg(const FileText& file) {
  auto rest = file.text;
  const double one = take_average(rest, file);
  const double five = take_average(rest, file);
  const double fifteen = take_average(rest, file);
  return {one, five, fifteen};
}

}  // namespace shoal::common
