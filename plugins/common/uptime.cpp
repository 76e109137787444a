#include "common/uptime.h"

#include "common/fields.h"

namespace shoal::common {

double parse_uptime(const FileText& file) {
  auto rest = file.text;
  const auto field = take_field(rest);
  const auto seconds = field ? to_decimal(*field) : std::nullopt;
  // Written so that "nan" is refused as well.
  if (!seconds || !(*seconds >= 0 && *seconds < 1e12)) {
    refuse(file, "seconds since the start", file.text);
  }
  return *seconds;
}

}  // namespace shoal::common
