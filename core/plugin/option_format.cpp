#include "plugin/option_format.h"

#include "base/pattern.h"

namespace shoal::plugin {
namespace {

constexpr const char* number = R"((-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?))";
constexpr const char* size = R"(((\d+\.?\d*|\.\d+)((?i)([kmgt]i?)?b)?))";
// So much of a file system.
constexpr const char* part = R"(((\d+\.?\d*|\.\d+)(%|(?i)([kmgt]i?)?b)))";

// One amount, or a Nagios range of them: "10:", "~:10", "10:20", "@10:20".
std::string range_of(const std::string& one) {
  return "(" + one + "|@?(~|" + one + ")?:" + one + "?|@" + one + ")";
}

bool is_whole(const std::string& pattern, const std::string& text) {
  return Pattern("^" + pattern + "$").found_in(text);
}

}  // namespace

bool takes_numbers(std::string_view format) {
  return format == "threshold" || format == "thresholds" || format == "size";
}

std::string format_fault(std::string_view format, const std::string& text,
                         const std::string& shown) {
  if (format == "regex") return Pattern::fault(text);
  if (format == "threshold" && !is_whole(range_of(number), text)) {
    return "expected a number or a range like \"10:20\", got " + shown;
  }
  if (format == "thresholds" &&
      !is_whole(range_of(number) + "(," + range_of(number) + ")*", text)) {
    return "expected numbers or ranges like \"10:20\", parted by commas, got " + shown;
  }
  if (format == "size" && !is_whole(range_of(size), text)) {
    return "expected a size like \"64MB\" or a range like \"1MiB:2MiB\", got " + shown;
  }
  if (format == "space" && !is_whole(range_of(part), text)) {
    return "expected a part like \"10%\", a size like \"5GiB\" or a range of them, got " + shown;
  }
  return {};
}

}  // namespace shoal::plugin
