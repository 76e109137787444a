#include "common/uptime.h"

#include <cstdint>
#include <string>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/proc_file.h"
#include "common/thresholds.h"
#include "common/words.h"

SHOAL_MANIFEST(R"({
  "id": "uptime",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "how long this host has been up",
  "options": {
    "warning_under": {"type": "string", "format": "threshold", "description": "up for fewer seconds than this: WARNING; or a range"},
    "critical_under": {"type": "string", "format": "threshold", "description": "up for fewer seconds: CRITICAL; or a range"},
    "warning_over": {"type": "string", "format": "threshold", "description": "up for more seconds than this: WARNING; or a range"},
    "critical_over": {"type": "string", "format": "threshold", "description": "up for more seconds: CRITICAL; or a range"},
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"}
  },
  "series": [
    {"name": "uptime.*.seconds", "kind": "gauge", "unit": "seconds", "description": "since the kernel started"}
  ]
})");

namespace {

using shoal::common::Plain;
using shoal::common::threshold_option;
using shoal::common::Thresholds;

Thresholds thresholds_of(const shoal::Options& options, const std::string& side, Plain plain) {
  return {threshold_option(options, "warning_" + side, plain),
          threshold_option(options, "critical_" + side, plain)};
}

class Uptime : public shoal::Check {
 public:
  explicit Uptime(shoal::Context& context)
      : under_(thresholds_of(context.options(), "under", Plain::under)),
        over_(thresholds_of(context.options(), "over", Plain::over)),
        file_(context.options().text("/proc", "/proc") + "/uptime"),
        seconds_(context.gauge(shoal::common::check_prefix("uptime", context) + ".seconds",
                               "seconds")) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const double seconds = shoal::common::parse_uptime(file_.read());
    round.emit(seconds_, seconds);
    return {shoal::common::worse_of(under_.status_of(seconds), over_.status_of(seconds)),
            "up for " + shoal::common::duration_words(static_cast<std::int64_t>(seconds))};
  }

 private:
  Thresholds under_;
  Thresholds over_;
  shoal::common::ProcFile file_;
  shoal::Series seconds_;
};

}  // namespace

SHOAL_PLUGIN(Uptime);
