#include <cstdint>
#include <string>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/meminfo.h"
#include "common/proc_file.h"
#include "common/thresholds.h"
#include "common/words.h"

SHOAL_MANIFEST(R"({
  "id": "memory",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether programs can still get memory",
  "options": {
    "warning": {"type": "string", "format": "threshold", "required": true, "description": "more percent in use than this: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "required": true, "description": "more percent in use: CRITICAL; or a range"},
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"}
  },
  "series": [
    {"name": "memory.*.used_percentage", "kind": "gauge", "unit": "percentage", "description": "of all memory, what could not be had by dropping caches"},
    {"name": "memory.*.available_percentage", "kind": "gauge", "unit": "percentage", "description": "the rest, which programs could have without swapping"},
    {"name": "memory.*.used", "kind": "gauge", "unit": "bytes", "description": "the same in bytes"},
    {"name": "memory.*.available", "kind": "gauge", "unit": "bytes", "description": "the same in bytes"}
  ]
})");

namespace {

using shoal::common::bytes_words;

class Memory : public shoal::Check {
 public:
  explicit Memory(shoal::Context& context)
      : Memory(context, shoal::common::check_prefix("memory", context)) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto file = file_.read();
    const auto meminfo = shoal::common::parse_meminfo(file);
    if (meminfo.total == 0) shoal::common::refuse(file, "more than that in MemTotal:", "0 kB");

    const auto used = shoal::common::used_bytes(meminfo);
    const auto available = meminfo.total - used;
    const double used_percent =
        100 * static_cast<double>(used) / static_cast<double>(meminfo.total);
    round.emit(used_percentage_, used_percent);
    round.emit(available_percentage_, 100 - used_percent);
    round.emit(used_, static_cast<double>(used));
    round.emit(available_, static_cast<double>(available));
    return {thresholds_.status_of(used_percent),
            "memory: " + shoal::common::percent_words(used_percent) + " used (" +
                bytes_words(used) + " of " + bytes_words(meminfo.total) + "), " +
                bytes_words(available) + " available"};
  }

 private:
  Memory(shoal::Context& context, const std::string& prefix)
      : thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::over)),
        file_(context.options().text("/proc", "/proc") + "/meminfo"),
        used_percentage_(context.gauge(prefix + ".used_percentage", "percentage")),
        available_percentage_(context.gauge(prefix + ".available_percentage", "percentage")),
        used_(context.gauge(prefix + ".used", "bytes")),
        available_(context.gauge(prefix + ".available", "bytes")) {}

  shoal::common::Thresholds thresholds_;
  shoal::common::ProcFile file_;
  shoal::Series used_percentage_;
  shoal::Series available_percentage_;
  shoal::Series used_;
  shoal::Series available_;
};

}  // namespace

SHOAL_PLUGIN(Memory);
