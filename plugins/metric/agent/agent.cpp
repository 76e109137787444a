#include <malloc.h>

#include <shoal/plugin.hpp>

#include "common/proc_file.h"
#include "own_status.h"

SHOAL_MANIFEST(R"({
  "id": "agent",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "metric",
  "summary": "what the agent itself takes of this host",
  "options": {
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"}
  },
  "series": [
    {"name": "agent.memory.alloc", "kind": "gauge", "unit": "bytes", "description": "what the program holds of its heap"},
    {"name": "agent.memory.sys", "kind": "gauge", "unit": "bytes", "description": "resident memory"},
    {"name": "agent.memory.heapAlloc", "kind": "gauge", "unit": "bytes", "description": "as alloc, without what is mapped by itself"},
    {"name": "agent.memory.heapSys", "kind": "gauge", "unit": "bytes", "description": "what the heap has of the system"},
    {"name": "agent.runtime.goroutine_num", "kind": "gauge", "unit": "integer", "description": "threads; the name is mackerel-agent's"}
  ],
  "graphs": [
    {"name": "agent.memory", "label": "Agent Memory", "unit": "bytes", "metrics": [
      {"name": "alloc", "label": "alloc"}, {"name": "sys", "label": "sys"},
      {"name": "heapAlloc", "label": "heapAlloc"}, {"name": "heapSys", "label": "heapSys"}]},
    {"name": "agent.runtime", "label": "Agent Runtime", "unit": "integer", "metrics": [
      {"name": "goroutine_num", "label": "threads"}]}
  ]
})");

namespace {

double bytes(std::size_t count) {
  return static_cast<double>(count);
}

class Agent : public shoal::Metric {
 public:
  explicit Agent(shoal::Context& context)
      : status_(context.options().text("/proc", "/proc") + "/self/status"),
        alloc_(context.gauge("agent.memory.alloc", "bytes")),
        sys_(context.gauge("agent.memory.sys", "bytes")),
        heap_alloc_(context.gauge("agent.memory.heapAlloc", "bytes")),
        heap_sys_(context.gauge("agent.memory.heapSys", "bytes")),
        threads_(context.gauge("agent.runtime.goroutine_num", "integer")) {}

  void collect(shoal::Round& round) override {
    const auto heap = ::mallinfo2();
    const auto own = shoal::agent_metric::parse_status(status_.read());
    round.emit(alloc_, bytes(heap.uordblks + heap.hblkhd));
    round.emit(sys_, own.resident_bytes);
    round.emit(heap_alloc_, bytes(heap.uordblks));
    round.emit(heap_sys_, bytes(heap.arena + heap.hblkhd));
    round.emit(threads_, own.threads);
  }

 private:
  shoal::common::ProcFile status_;
  shoal::Series alloc_;
  shoal::Series sys_;
  shoal::Series heap_alloc_;
  shoal::Series heap_sys_;
  shoal::Series threads_;
};

}  // namespace

SHOAL_PLUGIN(Agent);
