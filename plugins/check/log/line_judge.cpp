#include "line_judge.h"

#include <algorithm>

namespace shoal::log {
namespace {

using common::Pattern;
using common::Plain;

constexpr std::size_t most_lines_kept = 50;
constexpr std::size_t longest_line_kept = 1000;

std::vector<Pattern> patterns_option(const Options& options, const std::string& name) {
  const std::string prefix = options.boolean("/ignore_case") ? "(?i)" : "";
  std::vector<Pattern> patterns;
  for (const auto& text : options.texts("/" + name)) patterns.emplace_back(name, prefix + text);
  return patterns;
}

std::string shown_pattern(const Options& options) {
  if (options.boolean("/suppress_pattern")) return {};
  std::string shown;
  for (const auto& text : options.texts("/patterns")) {
    shown += (shown.empty() ? " found by \"" : " and \"") + text + "\"";
  }
  return shown;
}

// At most so long, not cut within a character.
std::string shortened(std::string_view line) {
  if (line.size() <= longest_line_kept) return std::string(line);
  auto end = longest_line_kept;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return std::string(line.substr(0, end)) + "...";
}

std::string counted(std::uint64_t count, const char* what) {
  return std::to_string(count) + (count == 1 ? " line" : " lines") + what;
}

}  // namespace

LineJudge::LineJudge(const Options& options)
    : patterns_(patterns_option(options, "patterns")),
      excluded_(patterns_option(options, "exclude_patterns")),
      levels_{common::threshold_option(options, "warning_level", Plain::over),
              common::threshold_option(options, "critical_level", Plain::over)},
      counts_(common::threshold_options(options, Plain::over)),
      shown_pattern_(shown_pattern(options)) {
  if (patterns_.empty()) {
    throw Failure("option patterns: expected at least one regular expression", SHOAL_CONFIG);
  }
  const bool has_group = std::any_of(patterns_.begin(), patterns_.end(),
                                     [](const auto& pattern) { return pattern.has_group(); });
  if ((levels_.warning || levels_.critical) && !has_group) {
    throw Failure("option patterns: expected a group \"(...)\" that holds the level", SHOAL_CONFIG);
  }
}

bool LineJudge::is_found(std::string_view line) const {
  const auto finds = [line](const auto& pattern) { return pattern.found_in(line); };
  if (!std::all_of(patterns_.begin(), patterns_.end(), finds)) return false;
  return excluded_.empty() || !std::all_of(excluded_.begin(), excluded_.end(), finds);
}

std::optional<double> LineJudge::level_of(std::string_view line) const {
  for (const auto& pattern : patterns_) {
    if (pattern.has_group()) return common::plain_number(pattern.group_in(line));
  }
  return std::nullopt;
}

void LineJudge::take(std::string_view line, Tally& tally) const {
  ++tally.lines;
  if (!is_found(line)) return;
  // Without levels each line counts for both; a level that is no number counts for neither.
  const bool has_levels = levels_.warning || levels_.critical;
  const auto level = has_levels ? level_of(line) : std::nullopt;
  const auto counts = [&](const auto& threshold) {
    return !has_levels || (level && threshold && threshold->is_broken_by(*level));
  };
  const bool is_warning = counts(levels_.warning);
  const bool is_critical = counts(levels_.critical);
  tally.warnings += is_warning ? 1 : 0;
  tally.criticals += is_critical ? 1 : 0;
  if ((is_warning || is_critical) && tally.found.size() < most_lines_kept) {
    tally.found.push_back(shortened(line));
  }
}

std::uint32_t LineJudge::status_of(const Tally& tally) const {
  const common::Thresholds warning{counts_.warning, std::nullopt};
  const common::Thresholds critical{std::nullopt, counts_.critical};
  return common::worse_of(warning.status_of(static_cast<double>(tally.warnings)),
                          critical.status_of(static_cast<double>(tally.criticals)));
}

std::string LineJudge::words_of(const Tally& tally) const {
  if (!levels_.warning && !levels_.critical) return counted(tally.warnings, "") + shown_pattern_;
  return counted(tally.warnings, " over the warning level, ") +
         counted(tally.criticals, " over the critical level") + shown_pattern_;
}

}  // namespace shoal::log
