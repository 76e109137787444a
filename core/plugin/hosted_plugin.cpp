#include "plugin/hosted_plugin.h"

#include <atomic>
#include <utility>

#include <fmt/core.h>

#include "plugin/border.h"
#include "plugin/record_batch.h"

namespace shoal::plugin {
namespace {

// The plugin polls the flag as a plain word.
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));

bool is_fine(CallStatus status) {
  return status == CallStatus::ok || status == CallStatus::nothing;
}

std::string reason_for(CallStatus status, std::string explained) {
  if (is_fine(status)) return {};
  if (!explained.empty()) return explained;
  return fmt::format("{}; the plugin gave no reason", status_name(status));
}

HostedPlugin::Answer answer(CallStatus status, Context::Said said) {
  auto reason = reason_for(status, std::move(said.reason));
  return {status, std::move(reason), std::move(said)};
}

// Fails the report if one of the verdicts is none.
void take_verdicts(DeliveryReport& report, const std::vector<std::uint8_t>& verdicts) {
  for (const auto verdict : verdicts) {
    if (verdict <= SHOAL_VERDICT_REJECTED) {
      report.verdicts.push_back(static_cast<Verdict>(verdict));
      continue;
    }
    report = {
        CallStatus::bug, fmt::format("gave the verdict {}, expected 0 to 2", verdict), {}, {}, {}};
    return;
  }
}

}  // namespace

HostedPlugin::HostedPlugin(Kind kind, const shoal_plugin& plugin,
                           std::shared_ptr<const HostTable> host, Context::Settings settings)
    : kind_(kind),
      plugin_(plugin),
      host_(std::move(host)),
      context_(std::move(settings), host_->services()) {}

HostedPlugin::~HostedPlugin() {
  if (instance_ != nullptr) plugin_.destroy(instance_);
}

HostedPlugin::Answer HostedPlugin::create() {
  const shoal_create given{sizeof(shoal_create),
                           0,
                           host_->get(),
                           context_.handle(),
                           text_of(context_.job()),
                           text_of(context_.options_json())};
  shoal_instance* made = nullptr;
  context_.begin(Context::Phase::speaking, {});
  const auto status = from_abi(plugin_.create(&given, &made));
  auto made_answer = answer(status, context_.end());
  if (!is_fine(status)) return made_answer;
  instance_ = made;
  if (made == nullptr) {
    return {CallStatus::bug, "its create() made no instance", std::move(made_answer.said)};
  }
  return made_answer;
}

shoal_call HostedPlugin::to_abi_call(const Call& call) const {
  return {sizeof(shoal_call), call.attempt, unix_nanoseconds(call.scheduled),
          call.deadline.time_since_epoch().count(),
          reinterpret_cast<const std::uint32_t*>(&context_.cancel_flag())};
}

HostedPlugin::Answer HostedPlugin::act(Act* act, Context::Phase phase, const Call& call) {
  if (act == nullptr) return {};
  context_.begin(phase, call);
  const auto raw = to_abi_call(call);
  const auto status = from_abi(act(instance_, &raw));
  return answer(status, context_.end());
}

HostedPlugin::Answer HostedPlugin::start(const Call& call) {
  return act(plugin_.start, Context::Phase::speaking, call);
}

HostedPlugin::Answer HostedPlugin::stop(const Call& call) {
  return act(plugin_.stop, Context::Phase::speaking, call);
}

HostedPlugin::Answer HostedPlugin::run(const Call& call) {
  switch (kind_) {
    case Kind::metric:
      return act(plugin_.metric->collect, Context::Phase::round, call);
    case Kind::check:
      return act(plugin_.check->check, Context::Phase::round, call);
    case Kind::output:
      break;
  }
  return {CallStatus::bug, "an output has no rounds", {}};
}

DeliveryReport HostedPlugin::deliver(const Call& call, std::span<const record::Record> records) {
  if (kind_ != Kind::output) return {CallStatus::bug, "not an output", {}, {}, {}};
  const RecordBatch batch(records);
  std::vector<std::uint8_t> verdicts(records.size(), SHOAL_VERDICT_RETRY);
  shoal_delivery delivery{sizeof(shoal_delivery), 0, verdicts.data(), 0};

  context_.begin(Context::Phase::speaking, call);
  const auto raw = to_abi_call(call);
  const auto status = from_abi(plugin_.output->deliver(instance_, &raw, batch.get(), &delivery));
  auto said = context_.end();
  if (said.is_abandoned) return {CallStatus::cancelled, "abandoned", {}, {}, {}};

  DeliveryReport report{status, reason_for(status, said.reason), {}, {}, {}};
  if (is_fine(status)) {
    report.status = CallStatus::ok;
    report.reason = std::move(said.reason);
    take_verdicts(report, verdicts);
    if (report.status == CallStatus::bug) return report;
  }
  if (delivery.retry_after_ms != 0) {
    report.retry_after = std::chrono::milliseconds(delivery.retry_after_ms);
  }
  if (delivery.next_offer_ns > 0) {
    report.next_offer = from_unix_nanoseconds(delivery.next_offer_ns);
  }
  return report;
}

}  // namespace shoal::plugin
