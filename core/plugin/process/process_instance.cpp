#include "plugin/process/process_instance.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>
#include <sys/eventfd.h>

#include "base/error.h"
#include "base/log.h"
#include "plugin/plugin_log.h"
#include "plugin/process/service_desk.h"
#include "plugin/round_report.h"

namespace shoal::plugin {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds create_patience{5};
constexpr std::chrono::nanoseconds longest_grace = 5s;
constexpr std::array<std::string_view, 5> act_names{"start", "collect", "check", "deliver", "stop"};

UniqueFd open_wake() {
  UniqueFd fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd) throw_errno("open an eventfd for a plugin");
  return fd;
}

bool is_fine(CallStatus status) {
  return status == CallStatus::ok || status == CallStatus::nothing;
}

std::string seconds_text(std::chrono::nanoseconds time) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(time).count());
}

}  // namespace

ProcessInstance::ProcessInstance(Settings settings, const Services& services, bool may_crash)
    : settings_(std::move(settings)),
      services_(services),
      wake_(open_wake()),
      context_(settings_.context, services),
      restarts_(system_random()) {
  const auto outcome = create(services_.clock.steady() + create_patience);
  if (is_fine(outcome.status)) return;
  const bool has_died = process_ == nullptr;
  process_.reset();
  if (!has_died || !may_crash) {
    throw PluginError(fmt::format("{}: {}", settings_.launch.file, outcome.reason));
  }
}

ProcessInstance::~ProcessInstance() = default;

ProcessInstance::Outcome ProcessInstance::create(SteadyTime deadline) {
  during_ = "create";
  try {
    process_ = std::make_unique<PluginProcess>(settings_.launch);
  } catch (const std::exception& error) {
    return bury(CallStatus::failed, error.what());
  }
  {
    const std::lock_guard lock(mutex_);
    pid_ = process_->pid();
    alive_since_ = services_.clock.steady();
  }
  watch_.emplace(process_->pid(), settings_.allowance, services_.clock.steady());
  is_created_ = false;
  is_started_ = false;
  context_.begin(Context::Phase::speaking, {});
  const wire::Create message{++last_id_, context_.job(), kind(), context_.options_json()};
  auto outcome = converse(message, message.id, deadline);
  context_.end();
  is_created_ = is_fine(outcome.status);
  return outcome;
}

// Empty when the plugin is there and ready for a call.
std::optional<ProcessInstance::Outcome> ProcessInstance::revive(const Call& call) {
  if (process_ == nullptr) {
    const auto now = services_.clock.steady();
    const auto health = this->health();
    if (health.not_before) {
      return Outcome{CallStatus::failed,
                     fmt::format("{}; {}, tried again in {}", health.last_cause,
                                 health.is_quarantined ? "in quarantine" : "waits",
                                 seconds_text(*health.not_before - now)),
                     {}};
    }
    auto outcome = create(std::min(now + create_patience, call.deadline));
    if (!is_fine(outcome.status)) {
      process_.reset();
      return outcome;
    }
  }
  if (!wants_start_ || is_started_) return std::nullopt;
  auto outcome = begin(wire::Act::start, call);
  is_started_ = is_fine(outcome.status);
  if (is_started_) return std::nullopt;
  return outcome;
}

RoundReport ProcessInstance::start(const Call& call) {
  wants_start_ = true;
  auto failure = revive(call);
  if (!failure) return {};
  return act_report(failure->status, std::move(failure->reason), is_abandoned_.load());
}

RoundReport ProcessInstance::stop(const Call& call) {
  if (process_ == nullptr) return {};
  auto outcome = begin(wire::Act::stop, call);
  process_.reset();
  return act_report(outcome.status, std::move(outcome.reason), is_abandoned_.load());
}

RoundReport ProcessInstance::run(const Call& call) {
  if (kind() == Kind::output) return {CallStatus::bug, "an output has no rounds", {}, 0};
  auto failure = revive(call);
  context_.begin(Context::Phase::round, call);
  auto outcome = failure
                     ? *std::move(failure)
                     : begin(kind() == Kind::metric ? wire::Act::collect : wire::Act::check, call);
  auto said = context_.end();
  said.report = std::move(outcome.done.report);
  said.dropped += outcome.done.dropped;
  return round_report(context_, kind(), call, outcome.status, std::move(outcome.reason),
                      std::move(said));
}

DeliveryReport ProcessInstance::deliver(const Call& call, std::span<const record::Record> records) {
  if (kind() != Kind::output) return {CallStatus::bug, "not an output", {}, {}, {}};
  auto failure = revive(call);
  context_.begin(Context::Phase::speaking, call);
  auto outcome = failure ? *std::move(failure) : begin(wire::Act::deliver, call, records);
  context_.end();
  if (is_abandoned_) return {CallStatus::cancelled, "abandoned", {}, {}, {}};
  if (is_fine(outcome.status) && outcome.done.verdicts.size() != records.size()) {
    outcome.status = CallStatus::bug;
    outcome.reason = fmt::format("gave {} verdicts for {} records", outcome.done.verdicts.size(),
                                 records.size());
    outcome.done.verdicts.clear();
  }
  if (!is_fine(outcome.status)) outcome.done.verdicts.clear();
  return {is_fine(outcome.status) ? CallStatus::ok : outcome.status, std::move(outcome.reason),
          std::move(outcome.done.verdicts), outcome.done.retry_after, outcome.done.next_offer};
}

ProcessInstance::Outcome ProcessInstance::begin(wire::Act act, const Call& call,
                                                std::span<const record::Record> records) {
  during_ = act_names.at(static_cast<std::size_t>(act));
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(call.deadline - services_.clock.steady());
  const wire::Begin message{.id = ++last_id_,
                            .act = act,
                            .attempt = call.attempt,
                            .scheduled = call.scheduled,
                            .timeout = std::max(left, std::chrono::milliseconds(1)),
                            .records = {records.begin(), records.end()}};
  auto outcome = converse(message, message.id, call.deadline);
  if (process_ != nullptr && act != wire::Act::start && act != wire::Act::stop) {
    end_if_greedy(outcome);
  }
  return outcome;
}

template <class Message>
ProcessInstance::Outcome ProcessInstance::converse(const Message& message, std::uint64_t id,
                                                   SteadyTime deadline) {
  is_cancelled_ = false;
  process_->allow_lines();
  try {
    process_->send(message);
    auto outcome = listen(id, deadline);
    if (process_ != nullptr) show_lines();
    const std::lock_guard lock(mutex_);
    if (process_ != nullptr) restarts_.note_life(alive_since_, services_.clock.steady());
    return outcome;
  } catch (const wire::WireError& error) {
    process_->kill();
    return bury(CallStatus::bug, fmt::format("broke the wire protocol: {}", error.what()));
  }
}

ProcessInstance::Outcome ProcessInstance::listen(std::uint64_t id, SteadyTime deadline) {
  const auto& clock = services_.clock;
  const auto began = clock.steady();
  const auto grace = std::min((deadline - began) / 2, longest_grace);
  bool has_told_cancel = false;
  Outcome outcome;
  for (;;) {
    const auto until = has_told_cancel ? std::max(deadline, began) + grace : deadline;
    auto event = process_->next(clock, until, wake_.get());
    show_lines();
    if (is_abandoned_) return bury(CallStatus::cancelled, "abandoned");
    if (event.sign == PluginProcess::Sign::ended) return bury_dead();
    if (event.message && take(*std::move(event.message), id, deadline, outcome)) return outcome;

    const bool is_late = clock.steady() >= deadline;
    if (has_told_cancel && clock.steady() >= until) {
      return bury(CallStatus::deadline, fmt::format("did not end its {} within {} and was killed",
                                                    during_, seconds_text(until - began)));
    }
    if (!has_told_cancel && (is_late || is_cancelled_)) {
      process_->send(wire::Cancel{id});
      has_told_cancel = true;
    }
  }
}

bool ProcessInstance::take(wire::FromPlugin message, std::uint64_t id, SteadyTime deadline,
                           Outcome& outcome) {
  if (const auto* line = std::get_if<wire::LogLine>(&message)) {
    context_.log(line->level, masked(line->message));
  } else if (const auto* request = std::get_if<wire::Request>(&message)) {
    process_->send(answer(*request, context_, deadline), request->service);
  } else if (const auto* samples = std::get_if<wire::Samples>(&message)) {
    if (samples->id == id) take_samples(samples->samples);
  } else if (auto* done = std::get_if<wire::Done>(&message); done != nullptr && done->id == id) {
    take_samples(done->samples);
    outcome.status = done->status;
    outcome.reason = masked(std::move(done->reason));
    if (!is_fine(done->status) && outcome.reason.empty()) {
      outcome.reason = fmt::format("{}; the plugin gave no reason", status_name(done->status));
    }
    outcome.done = std::move(*done);
    return true;
  }
  return false;
}

void ProcessInstance::take_samples(const std::vector<wire::Sample>& samples) {
  for (const auto& sample : samples) {
    shoal_point point{
        .series = UINT32_MAX, .flags = 0, .time_ns = sample.time_ns, .value = sample.value};
    // One with a bad name is dropped and counted by emit(), which does not know its handle.
    context_.declare(sample.series, point.series);
    context_.emit({&point, 1});
  }
}

void ProcessInstance::show_lines() {
  while (const auto line = process_->take_line()) context_.log(1, masked(*line));
}

// What its round has said counts all the same.
void ProcessInstance::end_if_greedy(Outcome& outcome) {
  const auto cause = watch_->look(services_.clock.steady());
  if (cause.empty()) return;
  log::warning("{}: {}; its process was ended", context_.job(), cause);
  write_report(cause, {});
  bury(CallStatus::failed, cause);
  if (!is_fine(outcome.status)) outcome.reason += "; " + cause;
}

ProcessInstance::Outcome ProcessInstance::bury_dead() {
  const auto death = process_->death();
  const auto cause = masked(to_text(death, settings_.launch.file, settings_.launch.library));
  write_report(cause, death);
  return bury(CallStatus::failed, cause);
}

// The process, if it still lives, ends with its object.
ProcessInstance::Outcome ProcessInstance::bury(CallStatus status, const std::string& cause) {
  process_.reset();
  {
    const std::lock_guard lock(mutex_);
    pid_ = 0;
    // Who gives up on it is not its fault, and hides none.
    if (status != CallStatus::cancelled) {
      last_cause_ = cause;
      restarts_.note_death(services_.clock.steady());
    }
  }
  return {status, cause, {}};
}

void ProcessInstance::write_report(const std::string& cause, const Death& death) {
  if (settings_.crashes == nullptr) return;
  CrashReport report{.time = services_.clock.wall(),
                     .job = context_.job(),
                     .file = settings_.launch.file,
                     .version = settings_.version,
                     .cause = cause,
                     .during = during_,
                     .pid = process_->pid(),
                     .module = death.module_path,
                     .offset = death.module_offset,
                     .build_id = build_id_of(death.module_path),
                     .address = death.address,
                     .last_lines = {}};
  if (report.module == settings_.launch.library) report.module = settings_.launch.file;
  for (const auto& line : process_->last_lines()) report.last_lines.push_back(masked(line));
  try {
    settings_.crashes->add(report);
  } catch (const Error& error) {
    log::warning("{}: {}", context_.job(), error.what());
  }
}

std::string ProcessInstance::masked(std::string text) const {
  for (const auto& secret : settings_.secrets) {
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
      text.replace(at, secret.size(), "***");
    }
  }
  return text;
}

void ProcessInstance::cancel() noexcept {
  is_cancelled_ = true;
  context_.cancel();  // for a service that is being used
  constexpr std::uint64_t one = 1;
  [[maybe_unused]] const auto ignored = write(wake_.get(), &one, sizeof(one));
}

void ProcessInstance::abandon() noexcept {
  is_abandoned_ = true;
  context_.abandon();
  cancel();
}

Health ProcessInstance::health() const {
  const std::lock_guard lock(mutex_);
  return {.pid = pid_,
          .deaths = restarts_.deaths(),
          .last_cause = last_cause_,
          .is_quarantined = restarts_.is_quarantined(),
          .not_before = restarts_.not_before(services_.clock.steady())};
}

void ProcessInstance::forgive() {
  const std::lock_guard lock(mutex_);
  restarts_.forgive();
}

}  // namespace shoal::plugin
