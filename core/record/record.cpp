#include "record/record.h"

#include <algorithm>

namespace shoal::record {
namespace {

constexpr std::size_t longest_name = 200;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

struct RouteKey {
  std::string operator()(const Sample& sample) const { return "sample:" + sample.name; }
  std::string operator()(const CheckResult& result) const { return "check:" + result.name; }
  std::string operator()(const Event& event) const { return "event:" + event.job; }
  std::string operator()(const Metadata& metadata) const { return "metadata:" + metadata.name; }
  std::string operator()(const GraphDefinition& graph) const { return "graph:" + graph.name; }
};

}  // namespace

std::string_view status_name(Status status) {
  switch (status) {
    case Status::ok:
      return "OK";
    case Status::warning:
      return "WARNING";
    case Status::critical:
      return "CRITICAL";
    case Status::unknown:
      return "UNKNOWN";
  }
  return "UNKNOWN";
}

WallTime time_of(const Record& record) {
  return std::visit([](const auto& one) { return one.time; }, record);
}

std::string route_key(const Record& record) {
  return std::visit(RouteKey{}, record);
}

std::string_view name_fault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() > longest_name) return "is longer than 200 bytes";
  if (!std::all_of(name.begin(), name.end(), is_name_character)) {
    return "has characters outside [A-Za-z0-9_.-]";
  }
  return {};
}

}  // namespace shoal::record
