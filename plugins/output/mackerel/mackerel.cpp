#include <cstdint>
#include <string>
#include <vector>

#include <shoal/plugin.hpp>

#include "api.h"
#include "host.h"
#include "other_hosts.h"
#include "payload.h"
#include "post_delay.h"

SHOAL_MANIFEST(R"({
  "id": "mackerel",
  "version": ")" SHOAL_VERSION R"(",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "output",
  "summary": "posts metrics and graph definitions to Mackerel and keeps the host registered",
  "needs": ["shoal.clock/1", "shoal.http/1", "shoal.identity/1"],
  "accepts": ["sample", "graph_definition"],
  "batch": {"max_records": 10000, "max_bytes": 4194304, "backlog_interval_ms": 30000},
  "max_age_seconds": 86400,
  "options": {
    "apikey": {"type": "string", "required": true, "x-secret": true, "description": "an API key that may read and write"},
    "apibase": {"type": "string", "default": "https://api.mackerelio.com", "description": "where the API is; a path in it is ignored"},
    "roles": {"type": "array", "items": {"type": "string"}, "description": "service:role names this host belongs to"},
    "display_name": {"type": "string", "description": "what Mackerel shows instead of the host's name"},
    "host_status_on_start": {"type": "string", "enum": ["working", "standby", "maintenance", "poweroff"], "description": "the host's status from the start of the agent on"},
    "host_status_on_stop": {"type": "string", "enum": ["working", "standby", "maintenance", "poweroff"], "description": "the host's status after the agent has stopped"},
    "keep_alive": {"type": "boolean", "default": true, "description": "keep the connection open between requests"},
    "proxy": {"type": "string", "x-secret": true, "description": "http://[user:password@]host:port, or direct; else as the environment says"},
    "ca_file": {"type": "string", "description": "PEM file of trusted roots instead of the system's"}
  }
})");

namespace {

using shoal::Batch;
using shoal::Call;
using namespace shoal::mackerel;

constexpr std::uint32_t full_batch = 10'000;  // as the manifest's batch says

class Mackerel : public shoal::Output {
 public:
  explicit Mackerel(shoal::Context& context)
      : context_(context),
        clock_(static_cast<const shoal_clock*>(context.service(SHOAL_SERVICE_CLOCK))),
        api_(context.options()),
        host_(context) {
    if (clock_ == nullptr) throw shoal::Failure("this host has no clock", SHOAL_UNSUPPORTED);
  }

  void start(const Call& call) override { host_.resolve(call, api_); }

  void deliver(Batch& batch) override {
    try {
      host_.resolve(batch, api_);
      host_.refresh(batch, api_, now_ns());
      deliver_samples(batch);
    } catch (const ApiFailure& failure) {
      batch.retry_after_ms(failure.retry_after_ms());
      throw;
    }
    deliver_graphs(batch, graphs_of(batch));
    // A full batch means that more is waiting: that is not left to the next minute.
    if (batch.size() < full_batch) batch.next_offer_ns(next_post_ns(host_.id(), now_ns()));
  }

  void stop(const Call& call) override { host_.say_farewell(call, api_); }

 private:
  using Indices = std::vector<std::uint32_t>;

  std::int64_t now_ns() const { return clock_->unix_ns(context_.raw()); }

  // All samples in one request, of each name only the newest of a minute: that is what the API
  // keeps.
  void deliver_samples(Batch& batch) {
    std::vector<Point> points;
    Indices offered;
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      if (batch[i].kind != SHOAL_RECORD_SAMPLE) continue;
      auto point = point_of(batch, *batch[i].sample);
      if (point.host_id.empty()) {
        batch.reject(i);
        continue;
      }
      points.push_back(std::move(point));
      offered.push_back(i);
    }
    if (points.empty()) return;
    api_.post(batch, "/api/v0/tsdb", points_json(points, newest_of_minute(points)));
    for (const auto i : offered) batch.deliver(i);
  }

  // Without a host id if it speaks for a host that Mackerel does not know.
  Point point_of(const Batch& batch, const shoal_sample& sample) {
    return {host_id_for(batch, std::string(shoal::view(sample.custom_identifier))),
            metric_name(sample), sample.time_ns, sample.value};
  }

  std::string host_id_for(const Batch& batch, const std::string& identifier) {
    if (identifier.empty()) return host_.id();
    auto id = others_.id_of(identifier, batch, api_, now_ns());
    if (id.empty()) {
      context_.log(SHOAL_LOG_WARNING, "samples for custom_identifier " + identifier +
                                          " are refused: the API knows no such host");
    }
    return id;
  }

  // Also settles records of kinds that Mackerel has no use for.
  static Indices graphs_of(Batch& batch) {
    Indices graphs;
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      if (batch[i].kind == SHOAL_RECORD_GRAPH_DEFINITION) {
        graphs.push_back(i);
      } else if (batch[i].kind != SHOAL_RECORD_SAMPLE) {
        batch.deliver(i);
      }
    }
    return graphs;
  }

  // The samples are through, so no failure here may send them again: what the API does not take now
  // stays, and a request that it refuses is halved until the bad definition is alone.
  void deliver_graphs(Batch& batch, const Indices& graphs) {
    if (graphs.empty()) return;
    std::vector<const shoal_graph_definition*> definitions;
    for (const auto i : graphs) definitions.push_back(batch[i].graph_definition);
    try {
      api_.post(batch, "/api/v0/graph-defs/create", graphs_json(definitions));
      for (const auto i : graphs) batch.deliver(i);
    } catch (const shoal::Failure& failure) {
      if (failure.status() == SHOAL_REJECTED) return split_graphs(batch, graphs, failure);
      context_.log(SHOAL_LOG_WARNING,
                   std::string("graph definitions are kept for later: ") + failure.what());
    }
  }

  void split_graphs(Batch& batch, const Indices& graphs, const shoal::Failure& failure) {
    if (graphs.size() == 1) {
      const auto name = std::string(shoal::view(batch[graphs[0]].graph_definition->name));
      context_.log(SHOAL_LOG_WARNING, "graph definition " + name + ": " + failure.what());
      return batch.reject(graphs[0]);
    }
    const auto middle = graphs.begin() + static_cast<std::ptrdiff_t>(graphs.size() / 2);
    deliver_graphs(batch, {graphs.begin(), middle});
    deliver_graphs(batch, {middle, graphs.end()});
  }

  const shoal::Context& context_;
  const shoal_clock* clock_;
  Api api_;
  Host host_;
  OtherHosts others_;
};

}  // namespace

SHOAL_PLUGIN(Mackerel)
