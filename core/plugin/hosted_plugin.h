// A plugin's instance in this very process, spoken to through its tables, and what it said in each
// call. What becomes of that is up to the caller: the agent makes records of it, a plugin host
// sends it on. instance.h has the thread rule.
#pragma once

#include <memory>
#include <span>
#include <string>

#include <shoal/plugin.h>

#include "plugin/context.h"
#include "plugin/host_table.h"
#include "plugin/instance.h"

namespace shoal::plugin {

class HostedPlugin {
 public:
  HostedPlugin(Kind kind, const shoal_plugin& plugin, std::shared_ptr<const HostTable> host,
               Context::Settings settings);
  // Calls the plugin's destroy() if create() made an instance.
  ~HostedPlugin();
  HostedPlugin(const HostedPlugin&) = delete;
  HostedPlugin& operator=(const HostedPlugin&) = delete;

  struct Answer {
    CallStatus status = CallStatus::ok;
    std::string reason;  // for people; empty when ok
    Context::Said said;
  };
  // Call first, once; no other call if it fails.
  Answer create();
  Answer start(const Call& call);
  // A round of a metric or a check.
  Answer run(const Call& call);
  DeliveryReport deliver(const Call& call, std::span<const record::Record> records);
  Answer stop(const Call& call);

  Kind kind() const { return kind_; }
  Context& context() { return context_; }

 private:
  using Act = shoal_status(shoal_instance*, const shoal_call*);

  shoal_call to_abi_call(const Call& call) const;
  Answer act(Act* act, Context::Phase phase, const Call& call);

  const Kind kind_;
  const shoal_plugin& plugin_;
  const std::shared_ptr<const HostTable> host_;
  Context context_;
  shoal_instance* instance_ = nullptr;
};

}  // namespace shoal::plugin
