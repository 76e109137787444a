// Which lines count, and what they add up to in one round. Not thread-safe; belongs to one
// instance.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/pattern.h"
#include "common/thresholds.h"

namespace shoal::log {

struct Tally {
  std::uint64_t lines = 0;
  std::uint64_t warnings = 0;      // lines that count for WARNING
  std::uint64_t criticals = 0;     // lines that count for CRITICAL
  std::vector<std::string> found;  // the first of those that count
};

class LineJudge {
 public:
  // Throws Failure for options that cannot be read.
  explicit LineJudge(const Options& options);

  void take(std::string_view line, Tally& tally) const;
  std::uint32_t status_of(const Tally& tally) const;

  // "3 lines found by \"ERROR\"": what a tally says to people, without the lines.
  std::string words_of(const Tally& tally) const;

 private:
  bool is_found(std::string_view line) const;
  std::optional<double> level_of(std::string_view line) const;

  std::vector<common::Pattern> patterns_;
  std::vector<common::Pattern> excluded_;
  common::Thresholds levels_;
  common::Thresholds counts_;
  std::string shown_pattern_;
};

}  // namespace shoal::log
