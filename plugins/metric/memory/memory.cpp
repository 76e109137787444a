#include <optional>

#include <shoal/plugin.hpp>

#include "common/meminfo.h"
#include "common/proc_file.h"

SHOAL_MANIFEST(R"({
  "id": "memory",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "metric",
  "origin": "host",
  "summary": "memory and swap of the host",
  "options": {
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"}
  },
  "series": [
    {"name": "memory.total", "kind": "gauge", "unit": "bytes", "description": "memory the kernel manages"},
    {"name": "memory.used", "kind": "gauge", "unit": "bytes", "description": "memory that could not be had by dropping caches"},
    {"name": "memory.mem_available", "kind": "gauge", "unit": "bytes", "description": "memory programs could have without swapping"},
    {"name": "memory.buffers", "kind": "gauge", "unit": "bytes", "description": "block device cache, only where the kernel does not say what is available"},
    {"name": "memory.cached", "kind": "gauge", "unit": "bytes", "description": "page cache, only where the kernel does not say what is available"},
    {"name": "memory.free", "kind": "gauge", "unit": "bytes", "description": "unused memory, only where the kernel does not say what is available"},
    {"name": "memory.swap_total", "kind": "gauge", "unit": "bytes", "description": "swap space"},
    {"name": "memory.swap_free", "kind": "gauge", "unit": "bytes", "description": "unused swap space"},
    {"name": "memory.swap_cached", "kind": "gauge", "unit": "bytes", "description": "memory that is also in swap"}
  ]
})");

namespace {

class Memory : public shoal::Metric {
 public:
  explicit Memory(shoal::Context& context)
      : file_(context.options().text("/proc", "/proc") + "/meminfo"),
        total_(context.gauge("memory.total", "bytes")),
        used_(context.gauge("memory.used", "bytes")),
        available_(context.gauge("memory.mem_available", "bytes")),
        buffers_(context.gauge("memory.buffers", "bytes")),
        cached_(context.gauge("memory.cached", "bytes")),
        free_(context.gauge("memory.free", "bytes")),
        swap_total_(context.gauge("memory.swap_total", "bytes")),
        swap_free_(context.gauge("memory.swap_free", "bytes")),
        swap_cached_(context.gauge("memory.swap_cached", "bytes")) {}

  void collect(shoal::Round& round) override {
    const auto meminfo = shoal::common::parse_meminfo(file_.read());
    emit(round, total_, meminfo.total);
    emit(round, used_, shoal::common::used_bytes(meminfo));
    emit(round, available_, meminfo.available);
    // More series cost Mackerel's users money, and these say nothing that available does not.
    if (!meminfo.available) {
      emit(round, buffers_, meminfo.buffers);
      emit(round, cached_, meminfo.cached);
      emit(round, free_, meminfo.free);
    }
    emit(round, swap_total_, meminfo.swap_total);
    emit(round, swap_free_, meminfo.swap_free);
    emit(round, swap_cached_, meminfo.swap_cached);
  }

 private:
  static void emit(shoal::Round& round, shoal::Series series, std::optional<std::uint64_t> bytes) {
    if (bytes) round.emit(series, static_cast<double>(*bytes));
  }

  shoal::common::ProcFile file_;
  shoal::Series total_;
  shoal::Series used_;
  shoal::Series available_;
  shoal::Series buffers_;
  shoal::Series cached_;
  shoal::Series free_;
  shoal::Series swap_total_;
  shoal::Series swap_free_;
  shoal::Series swap_cached_;
};

}  // namespace

SHOAL_PLUGIN(Memory);
