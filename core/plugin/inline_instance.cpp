#include "plugin/inline_instance.h"

#include <utility>

#include <fmt/core.h>

#include "base/error.h"
#include "base/log.h"
#include "plugin/round_report.h"

namespace shoal::plugin {
namespace {

constexpr std::chrono::seconds create_patience{5};

}  // namespace

InlineInstance::InlineInstance(const std::string& file, Kind kind, const shoal_plugin& plugin,
                               std::shared_ptr<const HostTable> host, Context::Settings settings,
                               CrashMarker::Entry marked)
    : marked_(std::move(marked)),
      plugin_(std::make_unique<HostedPlugin>(kind, plugin, host, std::move(settings))) {
  const auto& clock = host->services().clock;
  const auto began = clock.steady();
  const auto answer = [&] {
    const auto visit = marked_.visit(Act::create);
    return plugin_->create();
  }();
  if (clock.steady() - began > create_patience) {
    log::warning("{}: create() of {} took longer than 5 s", plugin_->context().job(), file);
  }
  if (answer.status != CallStatus::ok && answer.status != CallStatus::nothing) {
    throw PluginError(fmt::format("{}: {}", file, answer.reason));
  }
}

InlineInstance::~InlineInstance() {
  const auto visit = marked_.visit(Act::destroy);
  plugin_.reset();
}

RoundReport InlineInstance::start(const Call& call) {
  const auto visit = marked_.visit(Act::start);
  auto answer = plugin_->start(call);
  return act_report(answer.status, std::move(answer.reason), answer.said.is_abandoned);
}

RoundReport InlineInstance::stop(const Call& call) {
  const auto visit = marked_.visit(Act::stop);
  auto answer = plugin_->stop(call);
  return act_report(answer.status, std::move(answer.reason), answer.said.is_abandoned);
}

RoundReport InlineInstance::run(const Call& call) {
  const auto visit = marked_.visit(Act::round);
  auto answer = plugin_->run(call);
  if (kind() == Kind::output) return {answer.status, std::move(answer.reason), {}, 0};
  return round_report(plugin_->context(), kind(), call, answer.status, std::move(answer.reason),
                      std::move(answer.said));
}

DeliveryReport InlineInstance::deliver(const Call& call, std::span<const record::Record> records) {
  const auto visit = marked_.visit(Act::deliver);
  return plugin_->deliver(call, records);
}

}  // namespace shoal::plugin
