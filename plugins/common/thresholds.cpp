#include "common/thresholds.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>

#include <shoal/plugin.hpp>

#include "common/fields.h"

namespace shoal::common {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Range {
  double start;
  double end;
};

// "10:20" with either end left out, "~" for no start; "20" begins at 0 as well.
std::optional<Range> parse_range(std::string_view text, Threshold::ReadNumber read_number) {
  const auto colon = text.find(':');
  const auto first = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const auto last = colon == std::string_view::npos ? text : text.substr(colon + 1);

  auto start = first.empty() ? std::optional(0.0) : std::optional<double>();
  if (first == "~") start = -infinity;
  if (!start) start = read_number(first);
  const auto end =
      last.empty() && colon != std::string_view::npos ? std::optional(infinity) : read_number(last);
  if (!start || !end || *start > *end) return std::nullopt;
  return Range{*start, *end};
}

struct Unit {
  std::string_view name;
  double bytes;
};
constexpr double kibi = 1024;
constexpr std::array<Unit, 10> units{{{"", 1},
                                      {"b", 1},
                                      {"kb", 1e3},
                                      {"mb", 1e6},
                                      {"gb", 1e9},
                                      {"tb", 1e12},
                                      {"kib", kibi},
                                      {"mib", kibi* kibi},
                                      {"gib", kibi* kibi* kibi},
                                      {"tib", kibi* kibi* kibi* kibi}}};

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lowered;
}

int badness(std::uint32_t status) {
  switch (status) {
    case SHOAL_CHECK_OK:
      return 0;
    case SHOAL_CHECK_WARNING:
      return 2;
    case SHOAL_CHECK_CRITICAL:
      return 3;
    default:
      return 1;
  }
}

}  // namespace

std::optional<double> plain_number(std::string_view text) {
  const auto number = to_decimal(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<double> size_number(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto name = lower(text.substr(digits));
  const auto* const unit =
      std::find_if(units.begin(), units.end(), [&](const auto& one) { return one.name == name; });
  const auto number = plain_number(text.substr(0, digits));
  if (unit == units.end() || !number) return std::nullopt;
  return *number * unit->bytes;
}

std::optional<Threshold> Threshold::parse(std::string_view text, Plain plain,
                                          ReadNumber read_number) {
  const bool is_inside = text.substr(0, 1) == "@";
  if (!is_inside && text.find(':') == std::string_view::npos) {
    const auto number = read_number(text);
    if (!number) return std::nullopt;
    return plain == Plain::over ? Threshold(-infinity, *number, false)
                                : Threshold(*number, infinity, false);
  }
  const auto range = parse_range(text.substr(is_inside ? 1 : 0), read_number);
  if (!range) return std::nullopt;
  return Threshold(range->start, range->end, is_inside);
}

bool Threshold::is_broken_by(double value) const {
  if (std::isnan(value)) return true;
  const bool is_within = value >= start_ && value <= end_;
  return is_within == is_inside_;
}

std::uint32_t Thresholds::status_of(double value) const {
  if (critical && critical->is_broken_by(value)) return SHOAL_CHECK_CRITICAL;
  if (warning && warning->is_broken_by(value)) return SHOAL_CHECK_WARNING;
  return SHOAL_CHECK_OK;
}

std::uint32_t worse_of(std::uint32_t left, std::uint32_t right) {
  return badness(left) < badness(right) ? right : left;
}

std::optional<Threshold> threshold_option(const Options& options, const std::string& name,
                                          Plain plain) {
  const auto text = options.find_text("/" + name);
  if (!text) return std::nullopt;
  const auto threshold = Threshold::parse(*text, plain);
  if (!threshold) refuse_threshold(name, *text);
  return threshold;
}

std::optional<Threshold> size_option(const Options& options, const std::string& name, Plain plain) {
  const auto text = options.find_text("/" + name);
  if (!text) return std::nullopt;
  const auto threshold = Threshold::parse(*text, plain, &size_number);
  if (threshold) return threshold;
  throw Failure("option " + name +
                    ": expected a size like \"64MB\" or a range like \"1MiB:2MiB\", found \"" +
                    *text + "\"",
                SHOAL_CONFIG);
}

Thresholds threshold_options(const Options& options, Plain plain) {
  return {threshold_option(options, "warning", plain),
          threshold_option(options, "critical", plain)};
}

void refuse_threshold(const std::string& option, std::string_view found) {
  throw Failure("option " + option + ": expected a number or a range like \"10:20\", found \"" +
                    std::string(found) + "\"",
                SHOAL_CONFIG);
}

}  // namespace shoal::common
