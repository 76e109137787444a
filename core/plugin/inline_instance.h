// An Instance in the agent itself: calls go straight to the plugin's tables. instance.h has the
// thread rule.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "plugin/crash_marker.h"
#include "plugin/hosted_plugin.h"
#include "plugin/instance.h"

namespace shoal::plugin {

class InlineInstance final : public Instance {
 public:
  // Calls the plugin's create(). Throws PluginError, "FILE: REASON", if it refuses.
  // `marked` says of each call that it runs.
  InlineInstance(const std::string& file, Kind kind, const shoal_plugin& plugin,
                 std::shared_ptr<const HostTable> host, Context::Settings settings,
                 CrashMarker::Entry marked);
  ~InlineInstance() override;

  Kind kind() const override { return plugin_->kind(); }
  RoundReport start(const Call& call) override;
  RoundReport run(const Call& call) override;
  DeliveryReport deliver(const Call& call, std::span<const record::Record> records) override;
  RoundReport stop(const Call& call) override;
  void cancel() noexcept override { plugin_->context().cancel(); }
  void abandon() noexcept override { plugin_->context().abandon(); }
  SeriesMemory memory() const override { return plugin_->context().memory(); }
  void adopt(SeriesMemory memory) override { plugin_->context().adopt(std::move(memory)); }

 private:
  const CrashMarker::Entry marked_;
  std::unique_ptr<HostedPlugin> plugin_;
};

}  // namespace shoal::plugin
