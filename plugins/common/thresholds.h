// Bounds on a number as a check's options write them: a plain number as mackerel's checks have it,
// or a range as Nagios has it. Immutable values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shoal {
class Options;
}

namespace shoal::common {

// What breaks a plain number: a value over it, or one under it. Equal is within bounds.
enum class Plain { over, under };

// A finite decimal number without a unit.
std::optional<double> plain_number(std::string_view text);

// Bytes: "64MB", "1.5GiB", or without a unit.
std::optional<double> size_number(std::string_view text);

// "5": as Plain says. "10:" is broken below 10, "~:10" above 10, "10:20" and ":20" (from 0)
// outside,
// "@10:20" inside, "@10" from 0 to 10; the ends are within the range.
class Threshold {
 public:
  using ReadNumber = std::optional<double> (*)(std::string_view text);

  // Nothing if `text` is neither, or a range whose end is below its start.
  static std::optional<Threshold> parse(std::string_view text, Plain plain,
                                        ReadNumber read_number = &plain_number);

  // NaN breaks every threshold: what cannot be measured is not fine.
  bool is_broken_by(double value) const;

 private:
  Threshold(double start, double end, bool is_inside)
      : start_(start), end_(end), is_inside_(is_inside) {}

  double start_;
  double end_;
  bool is_inside_;
};

// A missing threshold is never broken.
struct Thresholds {
  std::optional<Threshold> warning;
  std::optional<Threshold> critical;

  // SHOAL_CHECK_CRITICAL before SHOAL_CHECK_WARNING before SHOAL_CHECK_OK.
  std::uint32_t status_of(double value) const;
};

// Of several verdicts the one that counts: CRITICAL, WARNING, UNKNOWN, OK in this order. Something
// known to be wrong is told even when something else cannot be judged.
std::uint32_t worse_of(std::uint32_t left, std::uint32_t right);

// The option's threshold; nothing if it is absent. Throws shoal::Failure (SHOAL_CONFIG) with the
// option's name and what was found when it cannot be read.
std::optional<Threshold> threshold_option(const Options& options, const std::string& name,
                                          Plain plain);

// The same of an option whose format is "size".
std::optional<Threshold> size_option(const Options& options, const std::string& name, Plain plain);

// The options "warning" and "critical".
Thresholds threshold_options(const Options& options, Plain plain);

// Throws the Failure of an option that is no threshold.
[[noreturn]] void refuse_threshold(const std::string& option, std::string_view found);

}  // namespace shoal::common
