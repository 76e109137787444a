#include "history/point.h"

namespace shoal::history {

std::string series_name(const record::Sample& sample) {
  std::string name = sample.name;
  char separator = '{';
  const auto fold = [&](const std::string& key, const std::string& value) {
    name += separator;
    name += key;
    name += '=';
    name += value;
    separator = ',';
  };
  for (const record::Label& label : sample.labels) fold(label.key, label.value);
  if (!sample.custom_identifier.empty()) fold("custom_identifier", sample.custom_identifier);
  if (separator == ',') name += '}';
  return name;
}

}  // namespace shoal::history
