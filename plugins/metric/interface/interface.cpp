#include <optional>
#include <string>

#include <shoal/plugin.hpp>

#include "common/complaint.h"
#include "common/pattern.h"
#include "common/per_device.h"
#include "common/proc_file.h"
#include "common/sanitize.h"
#include "net_dev.h"

SHOAL_MANIFEST(R"({
  "id": "interface",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "metric",
  "origin": "host",
  "summary": "bytes received and sent by network interfaces",
  "options": {
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"},
    "ignore": {"type": "string", "default": "", "description": "leave out interfaces in whose name, made a component of a metric name, this regular expression is found; empty: none"}
  },
  "series": [
    {"name": "interface.*.rxBytes.delta", "kind": "counter", "unit": "bytes/sec", "description": "bytes received"},
    {"name": "interface.*.txBytes.delta", "kind": "counter", "unit": "bytes/sec", "description": "bytes sent"}
  ]
})");

namespace {

struct InterfaceSeries {
  static constexpr std::size_t name_bytes = sizeof("interface..rxBytes.delta") - 1;

  InterfaceSeries(const shoal::Context& context, std::string_view label)
      : received(
            context.counter("interface." + std::string(label) + ".rxBytes.delta", "bytes/sec")),
        sent(context.counter("interface." + std::string(label) + ".txBytes.delta", "bytes/sec")) {}

  shoal::Series received;
  shoal::Series sent;
};

class Interface : public shoal::Metric {
 public:
  explicit Interface(shoal::Context& context)
      : file_(context.options().text("/proc", "/proc") + "/net/dev"),
        ignore_(shoal::common::pattern_option(context.options(), "ignore")),
        interfaces_(context),
        complaint_(context) {}

  void collect(shoal::Round& round) override {
    const auto net_dev = shoal::interface::parse_net_dev(file_.read());
    complaint_.state(net_dev.damaged_lines == 0
                         ? std::string()
                         : file_.path() + ": left out " + std::to_string(net_dev.damaged_lines) +
                               " lines without sixteen counters");
    interfaces_.begin_round();
    for (const auto& counters : net_dev.interfaces) emit(round, counters);
  }

 private:
  void emit(shoal::Round& round, const shoal::interface::InterfaceCounters& counters) {
    const auto label = shoal::common::sanitized(counters.name);
    // Docker makes and drops them by the dozen; the bridge above counts their bytes too.
    if (label.starts_with("veth") || shoal::common::matches(ignore_, label)) return;
    const auto* series = interfaces_.claim(label);
    if (series == nullptr) return;
    round.emit(series->received, static_cast<double>(counters.received_bytes));
    round.emit(series->sent, static_cast<double>(counters.sent_bytes));
  }

  shoal::common::ProcFile file_;
  std::optional<shoal::common::Pattern> ignore_;
  shoal::common::PerDevice<InterfaceSeries> interfaces_;
  shoal::common::Complaint complaint_;
};

}  // namespace

SHOAL_PLUGIN(Interface);
