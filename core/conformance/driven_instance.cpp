#include "conformance/driven_instance.h"

#include <algorithm>
#include <cstring>
#include <thread>

#include "conformance/names.h"

namespace shoal::conformance {
namespace {

constexpr std::chrono::seconds create_patience{5};
constexpr std::size_t pages_of_a_call = 16 * 1024;
constexpr std::int64_t minute_ns = 60'000'000'000;

std::int64_t steady_now() {
  return SystemClock().steady().time_since_epoch().count();
}

std::int64_t this_minute() {
  return unix_nanoseconds(SystemClock().wall()) / minute_ns * minute_ns;
}

bool is_known(shoal_status status) {
  return status >= SHOAL_FAILED && status <= SHOAL_NOTHING;
}

// A call that was ended from outside needs no reason.
bool needs_reason(shoal_status status) {
  return status < 0 && status != SHOAL_CANCELLED && status != SHOAL_DEADLINE;
}

// Raises a flag after a while, unless the call ends first.
class Canceller {
 public:
  Canceller(std::uint32_t& flag, std::chrono::milliseconds after)
      : thread_([&flag, after](const std::stop_token& stop) {
          const auto due = std::chrono::steady_clock::now() + after;
          while (!stop.stop_requested() && std::chrono::steady_clock::now() < due) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
          }
          __atomic_store_n(&flag, 1, __ATOMIC_RELAXED);
        }) {}

 private:
  std::jthread thread_;
};

}  // namespace

DrivenInstance::DrivenInstance(Host& host, const shoal_plugin& plugin, Context& context)
    : host_(host),
      trial_(host.trial()),
      plugin_(plugin),
      context_(context),
      first_(pages_of_a_call),
      second_(pages_of_a_call) {}

DrivenInstance::~DrivenInstance() {
  if (exists()) destroy();
}

LentMemory& DrivenInstance::next_memory() {
  uses_second_ = !uses_second_;
  present_memory().reset();
  return present_memory();
}

CallResult DrivenInstance::create(const CallSettings& settings) {
  auto& memory = next_memory();
  const auto filler = host_.filler();
  const shoal_create given{static_cast<std::uint32_t>(sizeof(shoal_create) + filler),
                           0,
                           host_.table(),
                           context_.handle(),
                           memory.text(context_.job()),
                           memory.text(context_.options_json())};
  const auto* const lent = memory.put(given, filler);
  memory.seal();
  // An address that is nobody's, so that a change on failure is seen.
  auto* const untouched = reinterpret_cast<shoal_instance*>(&memory);
  shoal_instance* made = untouched;
  trial_.begin_act("create()");
  context_.begin(Phase::speaking, nullptr);
  auto result = timed(settings, nullptr, [&] { return plugin_.create(lent, &made); });
  trial_.end_act();
  memory.revoke();
  check("create()", result);
  if (result.status < 0) {
    if (made != untouched) {
      trial_.find(Rule::create_untouched, "create() failed and stored an instance nevertheless");
    }
  } else if (made == untouched || made == nullptr) {
    trial_.find(Rule::create_instance, "create() answered {} and stored {}", result.status,
                made == nullptr ? "NULL" : "nothing");
  } else {
    instance_ = made;
  }
  if (result.took > create_patience) {
    trial_.find(Rule::create_quick, "create() took {} ms", result.took.count());
  }
  return result;
}

CallResult DrivenInstance::start(const CallSettings& settings) {
  if (plugin_.start == nullptr) return {};
  return call("start()", Phase::speaking, settings,
              [&](const shoal_call* call) { return plugin_.start(instance_, call); });
}

CallResult DrivenInstance::stop(const CallSettings& settings) {
  if (plugin_.stop == nullptr) return {};
  return call("stop()", Phase::speaking, settings,
              [&](const shoal_call* call) { return plugin_.stop(instance_, call); });
}

CallResult DrivenInstance::round(const CallSettings& settings) {
  switch (trial_.subject().kind()) {
    case plugin::Kind::metric:
      return call("collect()", Phase::round, settings,
                  [&](const shoal_call* call) { return plugin_.metric->collect(instance_, call); });
    case plugin::Kind::check: {
      auto result = call("check()", Phase::round, settings, [&](const shoal_call* call) {
        return plugin_.check->check(instance_, call);
      });
      if (!result.is_failure() && result.said.reports == 0) {
        trial_.find(Rule::report_missing, "check() answered {} and reported nothing {}",
                    result.status, trial_.circumstances());
      }
      return result;
    }
    case plugin::Kind::output:
      return deliver(OfferedBatch::one_of_each(trial_.subject().manifest), settings);
  }
  return {};
}

void DrivenInstance::destroy(const CallSettings& settings) {
  trial_.begin_act("destroy()");
  context_.begin(Phase::speaking, nullptr);
  timed(settings, nullptr, [&] {
    plugin_.destroy(instance_);
    return SHOAL_OK;
  });
  trial_.end_act();
  instance_ = nullptr;
  context_.destroyed();
}

// ---- calls ----

shoal_call DrivenInstance::raw_call(const CallSettings& settings) {
  const auto deadline = std::chrono::duration_cast<std::chrono::nanoseconds>(settings.patience);
  cancel_ = settings.is_cancelled ? 1 : 0;
  return {static_cast<std::uint32_t>(sizeof(shoal_call) + host_.filler()), settings.attempt,
          this_minute() + rounds_ * minute_ns + settings.scheduled_offset.count(),
          steady_now() + deadline.count(), &cancel_};
}

CallResult DrivenInstance::call(const std::string& function, Phase phase,
                                const CallSettings& settings, const Body& body) {
  auto& memory = next_memory();
  const auto* const lent = memory.put(raw_call(settings), host_.filler());
  memory.seal();
  if (phase == Phase::round) ++rounds_;
  return run(function, phase, settings, lent, [&] { return body(lent); });
}

CallResult DrivenInstance::run(const std::string& function, Phase phase,
                               const CallSettings& settings, const shoal_call* lent,
                               const std::function<shoal_status()>& body) {
  trial_.begin_act(function);
  context_.begin(phase, lent);
  auto result = timed(settings, lent, body);
  trial_.end_act();
  present_memory().revoke();
  check(function, result);
  check_giving_up(function, settings, result);
  return result;
}

CallResult DrivenInstance::timed(const CallSettings& settings, const shoal_call* call,
                                 const std::function<shoal_status()>& body) {
  const auto began = std::chrono::steady_clock::now();
  CallResult result;
  {
    std::optional<Canceller> canceller;
    if (call != nullptr && settings.cancel_after.count() > 0) {
      canceller.emplace(cancel_, settings.cancel_after);
    }
    if (settings.is_elsewhere) {
      std::thread([&] { result.status = body(); }).join();
    } else {
      result.status = body();
    }
    result.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
  }
  result.said = context_.end();
  return result;
}

void DrivenInstance::check(const std::string& function, const CallResult& result) {
  if (!is_known(result.status)) {
    trial_.find(Rule::status_range, "{} answered {}", function, result.status);
  }
  if (needs_reason(result.status) && !result.said.is_explained) {
    trial_.find(Rule::status_reason, "{} answered {} and explained nothing", function,
                result.status);
  }
}

// Unless the host said so itself, nobody but the clock and the flag may say that time is up.
void DrivenInstance::check_giving_up(const std::string& function, const CallSettings& settings,
                                     const CallResult& result) {
  if (result.said.has_host_failed) return;
  const bool is_early = settings.patience - result.took > std::chrono::seconds(2);
  if (result.status == SHOAL_DEADLINE && is_early) {
    trial_.find(Rule::time_given_up, "{} answered SHOAL_DEADLINE after {} ms of {}", function,
                result.took.count(), settings.patience.count());
  }
  const bool is_cancelled = settings.is_cancelled || settings.cancel_after.count() > 0;
  if (result.status == SHOAL_CANCELLED && !is_cancelled) {
    trial_.find(Rule::time_given_up, "{} answered SHOAL_CANCELLED, nobody had cancelled it",
                function);
  }
}

// ---- deliver ----

CallResult DrivenInstance::deliver(const OfferedBatch& offered, const CallSettings& settings) {
  auto& memory = next_memory();
  const auto raw = raw_call(settings);
  auto built = build(offered, raw.scheduled_ns, memory);
  const auto* const lent = memory.put(raw, host_.filler());
  memory.seal();
  add_delivery(built, offered, memory);
  ++rounds_;

  std::vector<std::uint8_t> verdicts;
  shoal_delivery delivery{};
  const auto* const verdicts_at = built.delivery->verdicts;
  const auto size = built.delivery->size;
  auto result = run("deliver()", Phase::speaking, settings, lent, [&] {
    const auto status = plugin_.output->deliver(instance_, lent, built.batch, built.delivery);
    std::memcpy(&delivery, built.delivery, std::min<std::size_t>(size, sizeof delivery));
    verdicts.assign(verdicts_at, verdicts_at + offered.kinds.size());
    return status;
  });
  if (delivery.size != size || delivery.verdicts != verdicts_at) {
    trial_.find(Rule::deliver_shape, "deliver() changed the delivery's {}",
                delivery.verdicts != verdicts_at ? "verdicts to another array" : "size");
  }
  check_delivery(offered, result, delivery, verdicts);
  result.retry_after_ms = delivery.retry_after_ms;
  result.delivered = static_cast<std::size_t>(
      std::count(verdicts.begin(), verdicts.end(), SHOAL_VERDICT_DELIVERED));
  return result;
}

void DrivenInstance::check_delivery(const OfferedBatch& offered, const CallResult& result,
                                    const shoal_delivery& delivery,
                                    const std::vector<std::uint8_t>& verdicts) {
  for (std::size_t i = 0; i < verdicts.size() && !result.is_failure(); ++i) {
    if (verdicts[i] > SHOAL_VERDICT_REJECTED) {
      trial_.find(Rule::deliver_verdict, "record {} of {} got the verdict {}", i, verdicts.size(),
                  verdicts[i]);
    }
    if (offered.kinds[i] == unknown_kind && verdicts[i] != SHOAL_VERDICT_DELIVERED) {
      trial_.find(Rule::deliver_unknown_kind,
                  "record {} of {}, of a kind of a newer host, got the verdict {}", i,
                  verdicts.size(), verdicts[i]);
    }
  }
  if (delivery.next_offer_ns != 0 && !is_plausible_time(delivery.next_offer_ns)) {
    trial_.find(Rule::deliver_times, "the next offer is wanted at {} ns", delivery.next_offer_ns);
  }
}

}  // namespace shoal::conformance
