// An Instance in the agent itself: calls go straight to the plugin's tables. instance.h has the
// thread rule.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <shoal/plugin.h>

#include "plugin/context.h"
#include "plugin/host_table.h"
#include "plugin/instance.h"

namespace shoal::plugin {

class InlineInstance final : public Instance {
 public:
  // Calls the plugin's create(). Throws PluginError, "FILE: REASON", if it refuses.
  InlineInstance(const std::string& file, Kind kind, const shoal_plugin& plugin,
                 std::shared_ptr<const HostTable> host, Context::Settings settings);
  ~InlineInstance() override;
  InlineInstance(const InlineInstance&) = delete;
  InlineInstance& operator=(const InlineInstance&) = delete;

  Kind kind() const override { return kind_; }
  RoundReport start(const Call& call) override;
  RoundReport run(const Call& call) override;
  DeliveryReport deliver(const Call& call, std::span<const record::Record> records) override;
  RoundReport stop(const Call& call) override;
  void cancel() noexcept override { context_.cancel(); }
  void abandon() noexcept override { context_.abandon(); }

 private:
  using Act = shoal_status(shoal_instance*, const shoal_call*);

  void create(const std::string& file);
  shoal_call to_abi_call(const Call& call) const;
  RoundReport speak(Act* act, const Call& call);
  record::CheckResult judged(const Call& call, const RoundReport& report,
                             Context::Said& said) const;

  const Kind kind_;
  const shoal_plugin& plugin_;
  const std::shared_ptr<const HostTable> host_;
  Context context_;
  shoal_instance* instance_ = nullptr;
};

}  // namespace shoal::plugin
