#include "zabbix_get/output.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace shoal::zabbix_get {
namespace {

std::string on_one_line(std::string value) {
  for (char& c : value) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return value;
}

}  // namespace

std::string line_of(Format format, const std::string& name, const std::string& value,
                    std::int64_t unix_seconds) {
  if (format == Format::value) return value + "\n";
  if (format == Format::sensu) {
    return fmt::format("{}\t{}\t{}\n", name, on_one_line(value), unix_seconds);
  }
  using Json = nlohmann::ordered_json;
  const Json object{{"key", name}, {"value", value}, {"time", unix_seconds}};
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace shoal::zabbix_get
