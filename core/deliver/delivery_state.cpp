// What a delivery tells about itself: to status, and to the log.
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "deliver/delivery.h"

namespace shoal::deliver {

std::string_view activity_name(Activity activity) {
  switch (activity) {
    case Activity::starting:
      return "starting";
    case Activity::idle:
      return "idle";
    case Activity::delivering:
      return "delivering";
    case Activity::waiting:
      return "waiting";
    case Activity::failing:
      return "failing";
    case Activity::stopped:
      break;
  }
  return "stopped";
}

State Delivery::state() const {
  const std::lock_guard lock(state_mutex_);
  return state_;
}

std::optional<SteadyTime> Delivery::call_deadline() const {
  const std::lock_guard lock(state_mutex_);
  return call_deadline_;
}

void Delivery::set_call_deadline(std::optional<SteadyTime> deadline) {
  const std::lock_guard lock(state_mutex_);
  call_deadline_ = deadline;
}

void Delivery::show(Activity activity, std::optional<SteadyTime> next_try) {
  const std::lock_guard lock(state_mutex_);
  if (activity != state_.activity) state_.since = clock_.wall();
  state_.activity = activity;
  state_.next_try.reset();
  if (next_try) state_.next_try = clock_.wall() + (*next_try - clock_.steady());
  if (activity == Activity::delivering) ++state_.offers;
}

// Between two steps.
void Delivery::show_rest(SteadyTime next) {
  const bool is_failing = state().failures > 0;
  const bool is_heartbeat_all = !is_failing && source_.pending() == 0;
  if (next == SteadyTime::max() || is_heartbeat_all) {
    show(Activity::idle);
  } else {
    show(is_failing ? Activity::failing : Activity::waiting, next);
  }
}

void Delivery::note_failure(std::string_view reason, SteadyTime next_try) {
  bool is_news = false;
  {
    const std::lock_guard lock(state_mutex_);
    is_news = state_.failures == 0 || state_.last_error != reason;
    if (state_.failures++ == 0) state_.failing_since = clock_.wall();
    state_.last_error = reason;
    state_.last_error_time = clock_.wall();
  }
  show(Activity::failing, next_try);
  const auto wait = std::chrono::ceil<std::chrono::seconds>(next_try - clock_.steady());
  if (is_news) {
    log::warning("output {}: {}; {} records are kept, next try in {}s", settings_.output, reason,
                 source_.pending(), wait.count());
  }
}

void Delivery::note_success() {
  unsigned failures = 0;
  {
    const std::lock_guard lock(state_mutex_);
    failures = std::exchange(state_.failures, 0);
    state_.failing_since.reset();
    state_.last_success = clock_.wall();
  }
  if (failures > 0) {
    log::info("output {}: delivering again after {} failures, {} records wait", settings_.output,
              failures, source_.pending());
  }
}

}  // namespace shoal::deliver
