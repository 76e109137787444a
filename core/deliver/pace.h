// When an output may be offered records: what it asked for, how it failed, and how fast a backlog
// may follow. Knows no clock and no records. Not thread-safe.
//
// There are two lanes. Fresh records go when the receiver wants them; the backlog goes in between,
// one batch each interval, and waits while fresh ones fail.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/backoff.h"
#include "base/clock.h"

namespace shoal::deliver {

enum class Lane : std::uint8_t { fresh, backlog };

struct PaceSettings {
  std::chrono::milliseconds first_retry{1'000};
  std::chrono::milliseconds longest_retry{300'000};
  // After failures that a person must cure.
  std::chrono::milliseconds slow_retry{60'000};
  std::chrono::milliseconds backlog_interval{1'000};
};

class Pace {
 public:
  Pace(const PaceSettings& settings, const Backoff::Random& random);

  // The next offer in this lane is not wanted before this.
  SteadyTime earliest(Lane lane) const;
  // The same for fresh records that do not wait for the receiver's next regular batch.
  SteadyTime earliest_urgent() const { return std::max(hold_, state(Lane::fresh).not_before); }
  // Failures in a row.
  unsigned failures(Lane lane) const { return state(lane).failures; }

  void succeeded(Lane lane, SteadyTime now);
  // Says when to try again. `is_slow`: a person must cure it, so no lane tries soon.
  SteadyTime failed(Lane lane, SteadyTime now, bool is_slow,
                    std::optional<std::chrono::milliseconds> retry_after);
  // Some records of a batch were not taken: they follow as backlog, later each time.
  void kept_some(SteadyTime now);
  // Neither lane before that.
  void hold(SteadyTime until) { hold_ = until; }
  // The receiver wants its next regular batch then.
  void close_gate(SteadyTime until) { gate_ = until; }
  // There is nothing to try in this lane.
  void clear_failures(Lane lane);

 private:
  struct LaneState {
    Backoff backoff;
    unsigned failures = 0;
    SteadyTime not_before{};
  };
  const LaneState& state(Lane lane) const { return lanes_[static_cast<std::size_t>(lane)]; }
  LaneState& state(Lane lane) { return lanes_[static_cast<std::size_t>(lane)]; }

  const PaceSettings settings_;
  std::array<LaneState, 2> lanes_;
  SteadyTime gate_{};  // for the fresh lane
  SteadyTime hold_{};  // for both
};

}  // namespace shoal::deliver
