#include <array>
#include <optional>
#include <string>

#include <shoal/plugin.hpp>

#include "common/proc_file.h"
#include "cpu_times.h"

SHOAL_MANIFEST(R"({
  "id": "cpu",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "metric",
  "origin": "host",
  "summary": "what the CPUs spend their time on",
  "options": {
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"}
  },
  "series": [
    {"name": "cpu.user.percentage", "kind": "interval", "unit": "percentage", "description": "programs, without guests"},
    {"name": "cpu.nice.percentage", "kind": "interval", "unit": "percentage", "description": "programs of lowered priority, with their guests"},
    {"name": "cpu.system.percentage", "kind": "interval", "unit": "percentage", "description": "the kernel"},
    {"name": "cpu.idle.percentage", "kind": "interval", "unit": "percentage", "description": "nothing"},
    {"name": "cpu.iowait.percentage", "kind": "interval", "unit": "percentage", "description": "nothing, while a disk was waited for"},
    {"name": "cpu.irq.percentage", "kind": "interval", "unit": "percentage", "description": "interrupts"},
    {"name": "cpu.softirq.percentage", "kind": "interval", "unit": "percentage", "description": "what interrupts left to do"},
    {"name": "cpu.steal.percentage", "kind": "interval", "unit": "percentage", "description": "ready, but the hypervisor ran another machine"},
    {"name": "cpu.guest.percentage", "kind": "interval", "unit": "percentage", "description": "virtual machines of this host"}
  ]
})");

namespace {

using shoal::cpu::CpuTimes;
using shoal::cpu::share_names;

class Cpu : public shoal::Metric {
 public:
  explicit Cpu(shoal::Context& context)
      : file_(context.options().text("/proc", "/proc") + "/stat") {
    for (std::size_t i = 0; i < series_.size(); ++i) {
      const auto name = "cpu." + std::string(share_names[i]) + ".percentage";
      series_[i] = context.interval(name, "percentage");
    }
  }

  void collect(shoal::Round& round) override {
    const CpuTimes now = shoal::cpu::parse_stat(file_.read());
    if (before_) emit(round, shoal::cpu::shares_between(*before_, now));
    before_ = now;
  }

 private:
  void emit(shoal::Round& round, const shoal::cpu::CpuShares& shares) const {
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (shares[i]) round.emit(series_[i], *shares[i]);
    }
  }

  shoal::common::ProcFile file_;
  std::array<shoal::Series, share_names.size()> series_;
  std::optional<CpuTimes> before_;
};

}  // namespace

SHOAL_PLUGIN(Cpu);
