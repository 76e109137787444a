#include <cstdint>
#include <optional>
#include <string>

#include <shoal/plugin.hpp>

#include "checks.h"
#include "inventory.h"
#include "registrations.h"

SHOAL_MANIFEST(R"({
  "id": "consul",
  "version": ")" SHOAL_VERSION R"(",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "output",
  "summary": "shows the hard state of checks as TTL checks of the local Consul agent",
  "needs": ["shoal.clock/1", "shoal.http/1", "shoal.identity/1", "shoal.state/1"],
  "accepts": ["check_result", "event"],
  "batch": {"max_records": 1000, "max_bytes": 4194304, "heartbeat_ms": 5000},
  "max_age_seconds": 86400,
  "options": {
    "address": {"type": "string", "x-example": "http://127.0.0.1:8500", "description": "HOST:PORT, http://, https:// or unix:///PATH; else as CONSUL_HTTP_ADDR says, else 127.0.0.1:8500"},
    "token": {"type": "string", "x-secret": true, "description": "an ACL token; else as CONSUL_HTTP_TOKEN_FILE or CONSUL_HTTP_TOKEN says"},
    "ca_file": {"type": "string", "description": "PEM file of trusted roots; else as CONSUL_CACERT says, else the system's"},
    "verify": {"type": "boolean", "default": true, "description": "verify Consul's certificate, unless CONSUL_HTTP_SSL_VERIFY is false"},
    "service": {"type": "string", "description": "the service that the checks are of; without one they are the node's"},
    "service_id": {"type": "string", "description": "its id; else its name"},
    "service_tags": {"type": "array", "items": {"type": "string"}, "description": "its tags"},
    "service_address": {"type": "string", "description": "its address; else Consul's own"},
    "service_port": {"type": "integer", "minimum": 1, "maximum": 65535, "description": "its port"},
    "ttl": {"type": "integer", "x-unit": "duration", "default": "1m", "minimum": "15s", "maximum": "24h", "description": "how long after the last word of this agent Consul takes a check for critical"},
    "deregister_critical_after": {"type": "integer", "x-unit": "duration", "minimum": "1m", "description": "Consul removes the service when a check was critical for so long"},
    "deregister_on_stop": {"type": "boolean", "default": false, "description": "remove service and checks when the agent stops"},
    "unknown": {"type": "string", "default": "critical", "enum": ["passing", "warning", "critical"], "description": "what Consul shows for UNKNOWN"},
    "prefix": {"type": "string", "default": "shoal:", "description": "what the ids of our checks begin with; whatever else begins so is removed"}
  }
})");

namespace {

using shoal::Batch;
using shoal::Call;
using shoal::Context;
using shoal::Failure;
using namespace shoal::consul;

constexpr std::string_view hard_states_key = "hard";

class Consul : public shoal::Output {
 public:
  explicit Consul(Context& context)
      : context_(context),
        identity_(static_cast<const shoal_identity*>(context.service(SHOAL_SERVICE_IDENTITY))),
        registrations_(context) {
    if (identity_ == nullptr) {
      throw Failure("this host has no identity service", SHOAL_UNSUPPORTED);
    }
  }

  void start(const Call&) override {
    saved_ = context_.state(hard_states_key).value_or("");
    checks_.emplace(inventory_, saved_);
  }

  void deliver(Batch& batch) override {
    learn_jobs();
    for (std::uint32_t i = 0; i < batch.size(); ++i) note(batch[i]);
    try {
      registrations_.tell(batch, *checks_);
    } catch (const ApiFailure& failure) {
      batch.retry_after_ms(failure.retry_after_ms());
      throw;
    }
    save();
    for (std::uint32_t i = 0; i < batch.size(); ++i) judge(batch, i);
  }

  void stop(const Call& call) override { registrations_.stop(call); }

 private:
  void learn_jobs() {
    if (!checks_) throw Failure("delivers before it was started", SHOAL_BUG);
    std::string jobs;
    const shoal_receive_text receive = [](void* user, shoal_text given) {
      *static_cast<std::string*>(user) = shoal::view(given);
    };
    const auto status = identity_->jobs(context_.raw(), receive, &jobs);
    if (status != SHOAL_OK) throw Failure("cannot learn the jobs of this agent", SHOAL_RETRY);
    if (!inventory_.update(jobs)) return;
    checks_->configure();
    registrations_.look_soon();
  }

  void note(const shoal_record& record) {
    if (record.kind == SHOAL_RECORD_CHECK_RESULT) checks_->note(*record.check_result);
    if (record.kind == SHOAL_RECORD_EVENT) checks_->note(*record.event);
  }

  // What Consul was shown comes from it after a restart too.
  void save() {
    auto states = checks_->hard_states();
    if (states == saved_) return;
    context_.set_state(hard_states_key, states);
    saved_ = std::move(states);
  }

  // A result that a newer one has overtaken is of no use to anyone there.
  void judge(Batch& batch, std::uint32_t index) const {
    const auto& record = batch[index];
    const auto refusal = record.kind == SHOAL_RECORD_CHECK_RESULT
                             ? registrations_.refusal(shoal::view(record.check_result->name))
                             : std::string();
    if (refusal.empty()) {
      batch.deliver(index);
    } else {
      context_.host().explain(context_.raw(), shoal::text(refusal));
      batch.reject(index);
    }
  }

  const Context& context_;
  const shoal_identity* identity_;
  Inventory inventory_;
  std::string saved_;
  std::optional<Checks> checks_;
  Registrations registrations_;
};

}  // namespace

SHOAL_PLUGIN(Consul)
