#include <shoal/plugin.hpp>

#include "common/load_averages.h"
#include "common/proc_file.h"

SHOAL_MANIFEST(R"({
  "id": "loadavg",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "metric",
  "origin": "host",
  "summary": "how many processes run or wait to run, on average",
  "options": {
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"}
  },
  "series": [
    {"name": "loadavg1", "kind": "gauge", "unit": "float", "description": "over one minute"},
    {"name": "loadavg5", "kind": "gauge", "unit": "float", "description": "over five minutes"},
    {"name": "loadavg15", "kind": "gauge", "unit": "float", "description": "over fifteen minutes"}
  ]
})");

namespace {

class Loadavg : public shoal::Metric {
 public:
  explicit Loadavg(shoal::Context& context)
      : file_(context.options().text("/proc", "/proc") + "/loadavg"),
        one_minute_(context.gauge("loadavg1", "float")),
        five_minutes_(context.gauge("loadavg5", "float")),
        fifteen_minutes_(context.gauge("loadavg15", "float")) {}

  void collect(shoal::Round& round) override {
    const auto load = shoal::common::parse_loadavg(file_.read());
    round.emit(one_minute_, load.one_minute);
    round.emit(five_minutes_, load.five_minutes);
    round.emit(fifteen_minutes_, load.fifteen_minutes);
  }

 private:
  shoal::common::ProcFile file_;
  shoal::Series one_minute_;
  shoal::Series five_minutes_;
  shoal::Series fifteen_minutes_;
};

}  // namespace

SHOAL_PLUGIN(Loadavg);
