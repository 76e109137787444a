// Decides what one output is offered and when, and what becomes of each record by its verdicts.
//
// What is newer than the watermark is fresh: it goes first, in order. The rest is backlog: what was
// pending at the start, what an outage left behind, what the output wanted to see again. While
// offers of fresh records fail, the newest are tried, so that the first success shows the present.
// Check results and events do not wait for the time that the output asked for if someone is in a
// hurry: they are offered alone, and that time stays as it was. An output that takes nothing of a
// batch, fails in nothing and says when to come again has not failed.
//
// Has no thread and asks the clock only; step() and finish() are for one thread, state() for any.
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "deliver/pace.h"
#include "deliver/source.h"
#include "deliver/state.h"
#include "plugin/instance.h"

namespace shoal::deliver {

struct DeliverySettings {
  std::string output;  // its name, for the log
  std::chrono::milliseconds timeout{30'000};
  std::size_t max_records = 1000;  // of one batch
  std::size_t max_bytes = 1 << 20;
  std::chrono::seconds max_age{0};  // older records are not worth offering; zero: all are
  // Without records for so long, the output is offered none: its receiver wants to hear of us all
  // the same. Zero: never.
  std::chrono::milliseconds heartbeat{0};
  PaceSettings pace;

  // Nor does a receiver that wants that wait longer for the next try.
  void set_heartbeat(std::chrono::milliseconds interval) {
    heartbeat = interval;
    pace.longest_retry = std::min(pace.longest_retry, interval);
  }
};

class Delivery {
 public:
  // All of these outlive the delivery. What is pending now is backlog.
  Delivery(Source& source, plugin::Instance& instance, const Clock& clock,
           DeliverySettings settings, const Backoff::Random& random);

  // Calls the instance at most once. Returns when it wants to be called again: max() if there is
  // nothing to do until new records come.
  SteadyTime step();

  // Among the fresh check results and events is one that should not wait. Before a step().
  void hurry() { is_hurried_ = true; }

  // Offers what is fresh once more, not waiting for anything, then stops the instance. No step()
  // after it.
  void finish(SteadyTime deadline);

  State state() const;
  // When the call that is running now should have ended; empty if there is none.
  std::optional<SteadyTime> call_deadline() const;

 private:
  struct Batch {
    Lane lane = Lane::fresh;
    std::vector<queue::Item> items;
    bool is_newest = false;       // there may be older ones in the lane
    bool is_urgent = false;       // between the times that the output asked for
    bool is_suspect = false;      // part of a batch that was refused as a whole
    queue::Id accepted_upto = 0;  // when the batch was taken
  };
  enum class Progress { all, some, none };

  void start(SteadyTime now);
  std::optional<Batch> next_batch(SteadyTime now);
  std::optional<Batch> urgent_batch(SteadyTime now);
  Batch take(Lane lane, bool is_urgent = false);
  void expire(std::vector<queue::Item>& items);
  SteadyTime next_time(SteadyTime now, bool has_offered) const;
  // When the output is to be called if no record comes before; max() if it need not be.
  SteadyTime next_heartbeat() const;

  Progress offer(const Batch& batch, SteadyTime deadline);
  plugin::DeliveryReport call_instance(const Batch& batch, SteadyTime deadline);
  Progress judge(const Batch& batch, const plugin::DeliveryReport& report);
  Progress settle(const Batch& batch, const plugin::DeliveryReport& report);
  Progress isolate(const Batch& batch, const plugin::DeliveryReport& report);
  Progress keep(const Batch& batch, const plugin::DeliveryReport& report);
  Progress postpone(const Batch& batch, std::chrono::milliseconds wait);
  void succeed(const Batch& batch, Progress progress);
  void respect_next_offer(const Batch& batch, WallTime next_offer);
  void make_backlog(queue::Id watermark);

  void show(Activity activity, std::optional<SteadyTime> next_try = {});
  void show_rest(SteadyTime next);
  void note_failure(std::string_view reason, SteadyTime next_try);
  void note_success();
  void set_call_deadline(std::optional<SteadyTime> deadline);

  Source& source_;
  plugin::Instance& instance_;
  const Clock& clock_;
  const DeliverySettings settings_;
  Pace pace_;
  Backoff start_backoff_;
  SteadyTime next_start_{};
  bool is_started_ = false;
  bool is_stopped_ = false;

  queue::Id watermark_ = 0;
  bool has_backlog_ = false;
  bool is_hurried_ = false;
  std::deque<Batch> suspects_;  // parts of a batch that was refused as a whole
  SteadyTime next_suspect_{};
  SteadyTime last_offer_{};

  mutable std::mutex state_mutex_;
  State state_;
  std::optional<SteadyTime> call_deadline_;
};

}  // namespace shoal::deliver
