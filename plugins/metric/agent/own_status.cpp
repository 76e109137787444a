#include "own_status.h"

#include <charconv>
#include <string>

namespace shoal::agent_metric {
namespace {

// The number behind "NAME:" at the begin of a line.
double number_of(const common::FileText& file, const std::string& name) {
  const auto text = "\n" + std::string(file.text);
  const auto at = text.find("\n" + name + ":");
  const auto first = at == std::string::npos ? at : text.find_first_of("0123456789\n", at + 1);
  double number = 0;
  const bool is_there =
      first != std::string::npos &&
      std::from_chars(text.data() + first, text.data() + text.size(), number).ec == std::errc();
  if (!is_there) common::refuse(file, "a line " + name + ": with a number", "");
  return number;
}

}  // namespace

OwnStatus parse_status(const common::FileText& file) {
  return {number_of(file, "VmRSS") * 1024, number_of(file, "Threads")};
}

}  // namespace shoal::agent_metric
