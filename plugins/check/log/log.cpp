#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/status_option.h"
#include "common/thresholds.h"
#include "follow.h"
#include "line_judge.h"
#include "paths.h"
#include "position_text.h"

SHOAL_MANIFEST(R"({
  "id": "log",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether new lines of log files match a pattern",
  "needs": ["shoal.state/1"],
  "options": {
    "file": {"type": "string", "default": "", "pattern": "^/|^$", "description": "path, or wildcards: *, ?, [...], and ** for folders below"},
    "directory": {"type": "string", "default": "", "pattern": "^/|^$", "description": "in place of file: the folder whose files file_pattern chooses"},
    "file_pattern": {"type": "string", "format": "regex", "default": "", "description": "regular expression, found in the names of the folder's files"},
    "patterns": {"type": "array", "items": {"type": "string", "format": "regex"}, "required": true, "description": "a line counts in which all these regular expressions are found"},
    "exclude_patterns": {"type": "array", "items": {"type": "string", "format": "regex"}, "default": [], "description": "but not if all of these are found in it"},
    "ignore_case": {"type": "boolean", "default": false, "description": "of patterns and exclude_patterns"},
    "warning": {"type": "string", "format": "threshold", "default": "0", "description": "more lines than this in a round: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "default": "0", "description": "more lines than this: CRITICAL; or a range"},
    "warning_level": {"type": "string", "format": "threshold", "description": "a line counts for warning only if the number in the first group of patterns is over this"},
    "critical_level": {"type": "string", "format": "threshold", "description": "a line counts for critical only if that number is over this"},
    "return_lines": {"type": "boolean", "default": false, "description": "show the lines that count"},
    "suppress_pattern": {"type": "boolean", "default": false, "description": "do not show the patterns"},
    "missing": {"type": "string", "enum": ["ok", "warning", "critical", "unknown"], "default": "unknown", "description": "what it is when there is no such file"},
    "check_first": {"type": "boolean", "default": false, "description": "in the first round of all, read what is there already"}
  },
  "series": [
    {"name": "log.*.matches", "kind": "gauge", "unit": "integer", "description": "lines that counted in the round"},
    {"name": "log.*.lines", "kind": "gauge", "unit": "integer", "description": "lines read in the round"}
  ]
})");

namespace {

using shoal::common::Deadline;
using shoal::common::worse_of;
using shoal::log::Outcome;
using shoal::log::Position;
using shoal::log::Tally;

constexpr const char* state_key = "positions";
// The round's own deadline comes first.
constexpr std::chrono::hours no_timeout{24};

class Log : public shoal::Check {
 public:
  explicit Log(shoal::Context& context)
      : context_(context),
        paths_(context.options()),
        judge_(context.options()),
        missing_status_(shoal::common::status_option(context.options(), "missing", "unknown")),
        returns_lines_(context.options().boolean("/return_lines")),
        checks_first_(context.options().boolean("/check_first")) {
    const auto prefix = shoal::common::check_prefix("log", context);
    matches_ = context.gauge(prefix + ".matches", "integer");
    lines_ = context.gauge(prefix + ".lines", "integer");
  }

  // What the last round read is saved when the next begins: by then its result is in the queue. An
  // agent that is killed in between reads it once more, and says it once more.
  shoal::CheckVerdict check(shoal::Round& round) override {
    if (!is_loaded_) load();
    if (!is_first_) save();

    Tally tally;
    bool is_unfinished = false;
    auto outcome = read(round, tally, is_unfinished);
    // A cancelled round has no result, so it must not have read anything.
    if (round.is_cancelled()) throw shoal::Failure("cancelled", SHOAL_CANCELLED);
    for (const auto& note : outcome.notes) context_.log(SHOAL_LOG_WARNING, note);
    positions_ = std::move(outcome.positions);
    // Where it began is no result; without it a restart would begin later.
    if (std::exchange(is_first_, false) && !checks_first_) save();

    round.emit(matches_, static_cast<double>(std::max(tally.warnings, tally.criticals)));
    round.emit(lines_, static_cast<double>(tally.lines));
    return verdict_of(tally, outcome, is_unfinished);
  }

  void stop(const shoal::Call&) override {
    if (is_loaded_ && !is_first_) save();
  }

 private:
  void load() {
    const auto text = context_.state(state_key);
    const auto known = text ? shoal::log::parse_positions(*text) : std::nullopt;
    if (text && !known) {
      context_.log(SHOAL_LOG_WARNING, "cannot read where it was; begins at the end of the files");
    }
    if (known) {
      positions_ = *known;
      saved_ = *text;
    }
    is_first_ = !known;
    is_loaded_ = true;
  }

  void save() {
    const auto text = shoal::log::to_text(positions_);
    if (text == saved_) return;
    context_.set_state(state_key, text);
    saved_ = text;
  }

  Outcome read(const shoal::Round& round, Tally& tally, bool& is_unfinished) const {
    const Deadline deadline(round, no_timeout);
    const auto start =
        is_first_ && !checks_first_ ? shoal::log::Start::end : shoal::log::Start::beginning;
    const auto paths = paths_.find();
    auto outcome =
        shoal::log::follow(positions_, paths,
                           {start, [&](std::string_view line) { judge_.take(line, tally); },
                            [&] {
                              is_unfinished = deadline.has_passed() || round.is_cancelled();
                              return !is_unfinished;
                            }});
    if (paths.empty()) outcome.missing.push_back(paths_.words());
    return outcome;
  }

  shoal::CheckVerdict verdict_of(const Tally& tally, const Outcome& outcome,
                                 bool is_unfinished) const {
    shoal::CheckVerdict verdict{judge_.status_of(tally),
                                judge_.words_of(tally) + " in " + paths_.words()};
    if (is_unfinished) verdict.text += "; there is more to read";
    if (!outcome.missing.empty()) {
      verdict.status = worse_of(verdict.status, missing_status_);
      verdict.text += "; there is no such file";
    }
    for (const auto& fault : outcome.faults) {
      verdict.status = worse_of(verdict.status, SHOAL_CHECK_UNKNOWN);
      verdict.text += "; " + fault;
    }
    if (returns_lines_) {
      for (const auto& line : tally.found) verdict.text += "\n" + line;
    }
    return verdict;
  }

  shoal::Context& context_;
  shoal::log::Paths paths_;
  shoal::log::LineJudge judge_;
  std::uint32_t missing_status_;
  bool returns_lines_;
  bool checks_first_;
  shoal::Series matches_;
  shoal::Series lines_;

  std::vector<Position> positions_;
  std::string saved_;  // the state as it is kept
  bool is_loaded_ = false;
  bool is_first_ = false;  // no round has ever been
};

}  // namespace

SHOAL_PLUGIN(Log);
