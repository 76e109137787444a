#include "config/settings.h"

#include <fmt/core.h>

namespace shoal::config {

std::string to_text(const Location& location) {
  if (location.file.empty()) return "(built in)";
  if (location.line == 0) return location.file;
  return fmt::format("{}:{}", location.file, location.line);
}

std::string_view kind_name(JobKind kind) {
  switch (kind) {
    case JobKind::metric:
      return "metric";
    case JobKind::check:
      return "check";
    case JobKind::metadata:
      return "metadata";
  }
  return "unknown";
}

std::string JobSettings::id() const {
  return fmt::format("{}:{}", is_host_metric ? "host" : kind_name(kind), name);
}

bool is_same_work(JobSettings a, JobSettings b) {
  a.where = b.where;
  a.option_lines = b.option_lines;
  return a == b;
}

bool is_same_work(OutputSettings a, OutputSettings b) {
  a.where = b.where;
  a.option_lines = b.option_lines;
  return a == b;
}

}  // namespace shoal::config
