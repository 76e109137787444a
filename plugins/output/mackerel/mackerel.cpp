#include <cstdint>

#include <shoal/plugin.hpp>

#include "account.h"
#include "checks.h"
#include "graphs.h"
#include "metadata.h"
#include "post_delay.h"
#include "samples.h"

SHOAL_MANIFEST(R"({
  "id": "mackerel",
  "version": ")" SHOAL_VERSION R"(",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "output",
  "summary": "posts metrics, check results, metadata and graph definitions to Mackerel, and keeps the host registered",
  "needs": ["shoal.clock/1", "shoal.http/1", "shoal.identity/1"],
  "accepts": ["sample", "check_result", "metadata", "graph_definition"],
  "batch": {"max_records": 10000, "max_bytes": 4194304, "backlog_interval_ms": 30000},
  "max_age_seconds": 86400,
  "options": {
    "apikey": {"type": "string", "required": true, "x-secret": true, "description": "an API key that may read and write"},
    "apibase": {"type": "string", "default": "https://api.mackerelio.com", "description": "where the API is; a path in it is ignored"},
    "roles": {"type": "array", "items": {"type": "string"}, "description": "service:role names this host belongs to"},
    "display_name": {"type": "string", "description": "what Mackerel shows instead of the host's name"},
    "cloud_platform": {"type": "string", "default": "auto", "enum": ["auto", "none", "ec2", "gce", "azurevm"], "description": "the cloud this machine is of; auto: as the machine itself shows"},
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
  explicit Mackerel(shoal::Context& context) : account_(context), metadata_(context) {}

  void start(const Call& call) override { account_.prepare(call); }

  void deliver(Batch& batch) override {
    try {
      account_.prepare(batch);
      checks_.report(account_, batch);
      post_samples(account_, batch);
    } catch (const ApiFailure& failure) {
      batch.retry_after_ms(failure.retry_after_ms());
      throw;
    }
    // What follows may fail by itself: what is through must not be sent again.
    post_graphs(account_, batch);
    metadata_.put(account_, batch);
    deliver_strangers(batch);
    // A full batch means that more is waiting: that is not left to the next minute.
    const auto now_ns = account_.now_ns();
    if (batch.size() < full_batch) batch.next_offer_ns(next_post_ns(account_.host_id(), now_ns));
  }

  void stop(const Call& call) override { account_.say_farewell(call); }

 private:
  // Kinds that Mackerel has no use for.
  static void deliver_strangers(Batch& batch) {
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      const auto kind = batch[i].kind;
      if (kind == SHOAL_RECORD_EVENT || kind > SHOAL_RECORD_GRAPH_DEFINITION) batch.deliver(i);
    }
  }

  Account account_;
  Checks checks_;
  Metadata metadata_;
};

}  // namespace

SHOAL_PLUGIN(Mackerel)
