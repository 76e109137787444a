#include "deliver/pace.h"

#include <algorithm>

namespace shoal::deliver {

Pace::Pace(const PaceSettings& settings, const Backoff::Random& random)
    : settings_(settings),
      lanes_{LaneState{Backoff(settings.first_retry, settings.longest_retry, random)},
             LaneState{Backoff(settings.first_retry, settings.longest_retry, random)}} {}

SteadyTime Pace::earliest(Lane lane) const {
  if (lane == Lane::fresh) return std::max(earliest_urgent(), gate_);
  // What fails for fresh records would fail for old ones too.
  if (failures(Lane::fresh) > 0) return SteadyTime::max();
  return std::max(hold_, state(lane).not_before);
}

void Pace::succeeded(Lane lane, SteadyTime now) {
  clear_failures(lane);
  hold_ = {};
  if (lane == Lane::backlog) state(lane).not_before = now + settings_.backlog_interval;
}

SteadyTime Pace::failed(Lane lane, SteadyTime now, bool is_slow,
                        std::optional<std::chrono::milliseconds> retry_after) {
  LaneState& lane_state = state(lane);
  ++lane_state.failures;
  std::chrono::milliseconds wait = lane_state.backoff.next();
  if (is_slow) wait = std::max(wait, settings_.slow_retry);
  if (retry_after) wait = std::max(wait, *retry_after);
  lane_state.not_before = now + wait;
  if (is_slow || retry_after) hold_ = lane_state.not_before;
  return lane_state.not_before;
}

void Pace::kept_some(SteadyTime now) {
  LaneState& backlog = state(Lane::backlog);
  backlog.not_before = std::max(backlog.not_before, now + backlog.backoff.next());
}

void Pace::clear_failures(Lane lane) {
  LaneState& lane_state = state(lane);
  lane_state.failures = 0;
  lane_state.not_before = {};
  lane_state.backoff.reset();
}

}  // namespace shoal::deliver
