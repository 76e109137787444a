#include "plugin/inline_instance.h"

#include <utility>

#include <fmt/core.h>

#include "base/error.h"
#include "base/log.h"
#include "plugin/border.h"
#include "plugin/record_batch.h"

namespace shoal::plugin {
namespace {

constexpr std::chrono::seconds create_patience{5};

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

RoundReport tombstone() {
  return {CallStatus::cancelled, "abandoned", {}, 0};
}

Verdict to_verdict(std::uint8_t raw) {
  if (raw == SHOAL_VERDICT_DELIVERED) return Verdict::delivered;
  return raw == SHOAL_VERDICT_REJECTED ? Verdict::rejected : Verdict::retry;
}

}  // namespace

InlineInstance::InlineInstance(const std::string& file, Kind kind, const shoal_plugin& plugin,
                               std::shared_ptr<const HostTable> host, Context::Settings settings)
    : kind_(kind),
      plugin_(plugin),
      host_(std::move(host)),
      context_(std::move(settings), host_->services()) {
  create(file);
}

InlineInstance::~InlineInstance() {
  plugin_.destroy(instance_);
}

void InlineInstance::create(const std::string& file) {
  const auto& clock = host_->services().clock;
  const auto began = clock.steady();
  const shoal_create given{sizeof(shoal_create),
                           0,
                           host_->get(),
                           context_.handle(),
                           text_of(context_.job()),
                           text_of(context_.options_json())};
  context_.begin(Context::Phase::speaking, {});
  const auto status = from_abi(plugin_.create(&given, &instance_));
  auto said = context_.end();
  if (clock.steady() - began > create_patience) {
    log::warning("{}: create() of {} took longer than 5 s", context_.job(), file);
  }
  if (!is_fine(status)) {
    throw PluginError(fmt::format("{}: {}", file, reason_for(status, std::move(said.reason))));
  }
  if (instance_ == nullptr) throw PluginError(file + ": its create() made no instance");
}

shoal_call InlineInstance::to_abi_call(const Call& call) const {
  return {sizeof(shoal_call), call.attempt, unix_nanoseconds(call.scheduled),
          call.deadline.time_since_epoch().count(),
          reinterpret_cast<const std::uint32_t*>(&context_.cancel_flag())};
}

RoundReport InlineInstance::speak(Act* act, const Call& call) {
  if (act == nullptr) return {};
  context_.begin(Context::Phase::speaking, call);
  const auto raw = to_abi_call(call);
  const auto status = from_abi(act(instance_, &raw));
  auto said = context_.end();
  if (said.is_abandoned) return tombstone();
  return {status, reason_for(status, std::move(said.reason)), {}, 0};
}

RoundReport InlineInstance::start(const Call& call) {
  return speak(plugin_.start, call);
}

RoundReport InlineInstance::stop(const Call& call) {
  return speak(plugin_.stop, call);
}

RoundReport InlineInstance::run(const Call& call) {
  if (kind_ == Kind::output) return {CallStatus::bug, "an output has no rounds", {}, 0};
  context_.begin(Context::Phase::round, call);
  const auto raw = to_abi_call(call);
  const auto status = from_abi(kind_ == Kind::metric ? plugin_.metric->collect(instance_, &raw)
                                                     : plugin_.check->check(instance_, &raw));
  auto said = context_.end();
  if (said.is_abandoned) return tombstone();

  RoundReport report{status, reason_for(status, std::move(said.reason)), {}, said.dropped};
  if (kind_ == Kind::check) {
    report.records.emplace_back(judged(call, report, said));
  } else {
    report.records.reserve(said.samples.size());
    for (auto& sample : said.samples) report.records.emplace_back(std::move(sample));
  }
  return report;
}

// A check that fails or says nothing is never OK.
record::CheckResult InlineInstance::judged(const Call& call, const RoundReport& report,
                                           Context::Said& said) const {
  record::CheckResult result;
  result.name = context_.name();
  result.time = call.scheduled;
  result.custom_identifier = context_.custom_identifier();
  if (!is_fine(report.status)) {
    result.text = report.reason;
  } else if (said.report) {
    result.status = said.report->status;
    result.text = std::move(said.report->text);
    result.samples = std::move(said.samples);
  } else {
    result.text = "the check reported nothing";
  }
  return result;
}

DeliveryReport InlineInstance::deliver(const Call& call, std::span<const record::Record> records) {
  if (kind_ != Kind::output) return {CallStatus::bug, "not an output", {}, {}, {}};
  const RecordBatch batch(records);
  std::vector<std::uint8_t> verdicts(records.size(), SHOAL_VERDICT_RETRY);
  shoal_delivery delivery{sizeof(shoal_delivery), 0, verdicts.data(), 0};

  context_.begin(Context::Phase::speaking, call);
  const auto raw = to_abi_call(call);
  const auto status = from_abi(plugin_.output->deliver(instance_, &raw, batch.get(), &delivery));
  auto said = context_.end();
  if (said.is_abandoned) return {CallStatus::cancelled, "abandoned", {}, {}, {}};

  DeliveryReport report{status, reason_for(status, std::move(said.reason)), {}, {}, {}};
  if (is_fine(status)) {
    report.status = CallStatus::ok;
    report.verdicts.reserve(verdicts.size());
    for (const auto verdict : verdicts) report.verdicts.push_back(to_verdict(verdict));
    report.reason = std::move(said.reason);
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
