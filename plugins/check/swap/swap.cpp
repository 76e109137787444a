#include <algorithm>
#include <cstdint>
#include <string>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/meminfo.h"
#include "common/proc_file.h"
#include "common/status_option.h"
#include "common/thresholds.h"
#include "common/words.h"

SHOAL_MANIFEST(R"({
  "id": "swap",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether swap space is running out",
  "options": {
    "warning": {"type": "string", "format": "threshold", "required": true, "description": "more percent in use than this: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "required": true, "description": "more percent in use: CRITICAL; or a range"},
    "no_swap": {"type": "string", "enum": ["ok", "warning", "critical", "unknown"], "default": "ok", "description": "what it is when this host has no swap space"},
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"}
  },
  "series": [
    {"name": "swap.*.used_percentage", "kind": "gauge", "unit": "percentage", "description": "of all swap space, what is in use"},
    {"name": "swap.*.used", "kind": "gauge", "unit": "bytes", "description": "the same in bytes"},
    {"name": "swap.*.total", "kind": "gauge", "unit": "bytes", "description": "all swap space"}
  ]
})");

namespace {

using shoal::common::bytes_words;

class Swap : public shoal::Check {
 public:
  explicit Swap(shoal::Context& context)
      : Swap(context, shoal::common::check_prefix("swap", context)) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto file = file_.read();
    const auto meminfo = shoal::common::parse_meminfo(file);
    if (!meminfo.swap_total || !meminfo.swap_free) {
      shoal::common::refuse(file, "lines SwapTotal: and SwapFree:", file.text);
    }
    const auto total = *meminfo.swap_total;
    const auto used = total - std::min(*meminfo.swap_free, total);
    round.emit(used_, static_cast<double>(used));
    round.emit(total_, static_cast<double>(total));
    if (total == 0) return {no_swap_status_, "this host has no swap space"};

    const double used_percent = 100 * static_cast<double>(used) / static_cast<double>(total);
    round.emit(used_percentage_, used_percent);
    return {thresholds_.status_of(used_percent),
            "swap: " + shoal::common::percent_words(used_percent) + " used (" + bytes_words(used) +
                " of " + bytes_words(total) + ")"};
  }

 private:
  Swap(shoal::Context& context, const std::string& prefix)
      : thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::over)),
        no_swap_status_(shoal::common::status_option(context.options(), "no_swap", "ok")),
        file_(context.options().text("/proc", "/proc") + "/meminfo"),
        used_percentage_(context.gauge(prefix + ".used_percentage", "percentage")),
        used_(context.gauge(prefix + ".used", "bytes")),
        total_(context.gauge(prefix + ".total", "bytes")) {}

  shoal::common::Thresholds thresholds_;
  std::uint32_t no_swap_status_;
  shoal::common::ProcFile file_;
  shoal::Series used_percentage_;
  shoal::Series used_;
  shoal::Series total_;
};

}  // namespace

SHOAL_PLUGIN(Swap);
