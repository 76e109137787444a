#include "plugin/option_format.h"

#include "base/pattern.h"

namespace shoal::plugin {
namespace {

// A number, or a Nagios range: "10:", "~:10", "10:20", "@10:20".
constexpr std::string_view number = R"((-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?))";

std::string threshold() {
  const std::string one(number);
  return "(" + one + "|@?(~|" + one + ")?:" + one + "?|@" + one + ")";
}

bool is_whole(const std::string& pattern, const std::string& text) {
  return Pattern("^" + pattern + "$").found_in(text);
}

}  // namespace

bool takes_numbers(std::string_view format) {
  return format == "threshold" || format == "thresholds";
}

std::string format_fault(std::string_view format, const std::string& text,
                         const std::string& shown) {
  if (format == "regex") return Pattern::fault(text);
  if (format == "threshold" && !is_whole(threshold(), text)) {
    return "expected a number or a range like \"10:20\", got " + shown;
  }
  if (format == "thresholds" && !is_whole(threshold() + "(," + threshold() + ")*", text)) {
    return "expected numbers or ranges like \"10:20\", parted by commas, got " + shown;
  }
  return {};
}

}  // namespace shoal::plugin
