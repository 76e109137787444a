#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/pattern.h"
#include "common/thresholds.h"
#include "process_table.h"
#include "selection.h"

SHOAL_MANIFEST(R"({
  "id": "procs",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "how many processes of a kind run",
  "options": {
    "patterns": {"type": "array", "items": {"type": "string", "format": "regex"}, "default": [], "description": "count the processes in whose command line this regular expression is found; each is judged apart and the worst verdict counts; none: all processes"},
    "warning": {"type": "string", "format": "threshold", "description": "more processes than this: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "description": "more than this: CRITICAL; or a range"},
    "warning_under": {"type": "string", "format": "threshold", "description": "fewer than this: WARNING; 0: never. 1 unless warning or critical is a range"},
    "critical_under": {"type": "string", "format": "threshold", "description": "fewer than this: CRITICAL; 0: never. 1 unless warning or critical is a range"},
    "exclude_pattern": {"type": "string", "format": "regex", "default": "", "description": "leave out command lines in which this is found"},
    "match_self": {"type": "boolean", "default": false, "description": "count the process that runs this check too"},
    "match_parent": {"type": "boolean", "default": false, "description": "count its parent too"},
    "ppid": {"type": "integer", "minimum": 0, "description": "only children of this process"},
    "pid_file": {"type": "string", "default": "", "description": "only the process whose id stands in this file"},
    "state": {"type": "string", "default": "", "pattern": "^[A-Za-z]?$", "description": "only in this state: R, S, D, Z, T, I"},
    "user": {"type": "string", "default": "", "description": "only of this user, by name or number"},
    "not_user": {"type": "string", "default": "", "description": "only of other users"},
    "vsz_over": {"type": "integer", "x-unit": "bytes", "description": "only with more virtual memory"},
    "rss_over": {"type": "integer", "x-unit": "bytes", "description": "only with more resident memory"},
    "pcpu_over": {"type": "number", "minimum": 0, "description": "only with more percent of a CPU, since their start"},
    "threads_over": {"type": "integer", "minimum": 0, "default": 0, "description": "only with more threads"},
    "age_over": {"type": "integer", "x-unit": "duration", "description": "only older"},
    "age_under": {"type": "integer", "x-unit": "duration", "description": "only younger"},
    "cpu_over": {"type": "integer", "x-unit": "duration", "description": "only with more CPU time"},
    "cpu_under": {"type": "integer", "x-unit": "duration", "description": "only with less CPU time"},
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"}
  },
  "series": [
    {"name": "procs.*.count", "kind": "gauge", "unit": "integer", "description": "processes found; of several patterns each under a label"}
  ]
})");

namespace {

using shoal::common::Plain;
using shoal::common::Threshold;
using shoal::common::Thresholds;

bool is_range(const shoal::Options& options, const char* name) {
  return options.text(name).find_first_of("@:") != std::string::npos;
}

// A range says both of its sides; only beside plain numbers is it wrong that nothing runs at all.
Thresholds under_options(const shoal::Options& options) {
  Thresholds under{shoal::common::threshold_option(options, "warning_under", Plain::under),
                   shoal::common::threshold_option(options, "critical_under", Plain::under)};
  if (is_range(options, "/warning") || is_range(options, "/critical")) return under;
  for (auto* level : {&under.warning, &under.critical}) {
    if (!*level) *level = Threshold::parse("1", Plain::under);
  }
  return under;
}

// What is counted, and judged apart from the others.
struct Counted {
  std::string text;
  std::optional<shoal::common::Pattern> pattern;  // none: every process
  shoal::Series series;
  std::size_t count = 0;
};

struct Finding {
  std::uint32_t status;
  std::string text;
};

class Procs : public shoal::Check {
 public:
  explicit Procs(shoal::Context& context)
      : over_(shoal::common::threshold_options(context.options(), Plain::over)),
        under_(under_options(context.options())),
        selection_(context.options()),
        table_(context.options().text("/proc", "/proc")) {
    const auto patterns = context.options().texts("/patterns");
    for (const auto& text : patterns) {
      counted_.push_back({text, shoal::common::Pattern("patterns", text),
                          declare(context, text, patterns.size() > 1)});
    }
    if (counted_.empty()) counted_.push_back({"", std::nullopt, declare(context, "", false)});
  }

  shoal::CheckVerdict check(shoal::Round& round) override {
    count();
    std::vector<Finding> findings;
    for (const auto& one : counted_) {
      round.emit(one.series, static_cast<double>(one.count));
      findings.push_back({status_of(static_cast<double>(one.count)), words_of(one)});
    }
    return verdict_of(findings);
  }

 private:
  static shoal::Series declare(const shoal::Context& context, const std::string& pattern,
                               bool is_labelled) {
    std::vector<std::pair<std::string, std::string>> labels;
    if (is_labelled) labels.emplace_back("pattern", pattern);
    return context.declare(SHOAL_GAUGE, shoal::common::check_prefix("procs", context) + ".count",
                           "integer", labels);
  }

  void count() {
    for (auto& one : counted_) one.count = 0;
    selection_.begin_round(table_);
    // Found first and asked about the rest then: a table of thousands has few that match.
    table_.each([this](const auto& process) {
      for (auto& one : counted_) {
        const bool is_found = !one.pattern || one.pattern->found_in(process.command);
        one.count += is_found && selection_.includes(process, table_) ? 1 : 0;
      }
    });
  }

  std::uint32_t status_of(double count) const {
    return shoal::common::worse_of(over_.status_of(count), under_.status_of(count));
  }

  std::string words_of(const Counted& one) const {
    auto words = std::to_string(one.count) + (one.count == 1 ? " process" : " processes");
    if (one.pattern) words += " found by \"" + one.text + "\"";
    return words + selection_.words();
  }

  // The first line is the summary: the worst of them.
  static shoal::CheckVerdict verdict_of(std::vector<Finding>& findings) {
    std::stable_sort(findings.begin(), findings.end(),
                     [](const auto& a, const auto& b) { return a.status > b.status; });
    shoal::CheckVerdict verdict{findings.front().status, {}};
    for (const auto& finding : findings) {
      verdict.text += (verdict.text.empty() ? "" : "\n") + finding.text;
    }
    return verdict;
  }

  Thresholds over_;
  Thresholds under_;
  shoal::procs::Selection selection_;
  shoal::procs::ProcessTable table_;
  std::vector<Counted> counted_;
};

}  // namespace

SHOAL_PLUGIN(Procs);
