// Decides which job is due and says so; what a job is and how it is run it does not know. Takes
// the time from a clock and is woken by timers, so a test can live through a month in a moment.
// Loop thread only.
//
// A job never overlaps itself: a round that falls due while the one before still runs is skipped
// and counted. After a suspend or a clock step each job has one catch-up round at most, and then
// its old phase again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/timers.h"

namespace shoal::schedule {

enum class Phase : std::uint8_t {
  // A first round at once, then at the whole multiples of the interval in UTC, stamped so.
  aligned,
  // A first round within seconds, by a hash of the id, then at first + k * interval.
  spread
};

struct JobPlan {
  std::string id;  // "metric:nginx"
  std::chrono::milliseconds interval{60'000};
  Phase phase = Phase::aligned;

  bool operator==(const JobPlan&) const = default;
};

struct JobStatus {
  std::string id;
  std::optional<WallTime> last_scheduled;  // of the last round that was started
  std::optional<WallTime> next_due;        // none after stop()
  std::uint64_t started = 0;               // rounds
  std::uint64_t skipped = 0;               // rounds that overlapped or fell into a suspend
  bool is_running = false;
  bool is_waiting = false;  // due, and held back by the limit on running rounds
};

class Scheduler {
 public:
  // Starts one round of the job; `scheduled` is the time its records bear. Does not throw. May
  // call back into the scheduler, finished() included.
  using Start = std::function<void(const std::string& id, WallTime scheduled)>;

  // At most `running_limit` rounds run at once; further ones wait their turn in due order.
  // `clock` and `timers` outlive the scheduler.
  Scheduler(const Clock& clock, Timers& timers, Start start, std::size_t running_limit = 64);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // The first rounds of aligned jobs that are added together are stamped alike. A plan that is
  // already there keeps its phase; one that differs under the same id starts over.
  // `plan.interval` is positive.
  void add(const JobPlan& plan);

  // No further rounds. One that still runs is finished() as ever; should the job be added again
  // meanwhile, its first round waits for that.
  void remove(std::string_view id);

  // To be called once for each start.
  void finished(std::string_view id);

  // To be called after someone set the wall clock. A step forward brings at most one catch-up
  // round. After a step back no stamp is used twice, unless waiting for a fresh one would take
  // longer than two intervals: then the job goes on in the time that is now.
  void clock_stepped();

  // No further starts; what runs may still be finished().
  void stop();

  std::size_t running_count() const { return running_.size(); }
  // Ordered by id.
  std::vector<JobStatus> snapshot() const;

 private:
  struct Job {
    JobPlan plan;
    bool is_fresh = true;   // before the first round of this plan
    Timers::Id timer = 0;   // 0: an aligned job that is fresh, or any after stop()
    SteadyTime due_steady;  // when the timer fires
    WallTime due_wall;      // aligned: the multiple it fires for
    WallTime slot;          // aligned: the stamp that was reached last, run or skipped
    WallTime stamp;         // of the round that waits
    bool is_waiting = false;
    std::optional<WallTime> last_scheduled;
    std::uint64_t started = 0;
    std::uint64_t skipped = 0;
  };

  void plan_first_round(Job& job);
  void start_first_rounds();
  void plan_next_aligned(Job& job);
  void arm(Job& job);
  void on_due(Job& job);
  void reach_aligned(Job& job);
  void reach_spread(Job& job);
  void count_missed(Job& job, std::chrono::nanoseconds late);
  void offer_round(Job& job, WallTime stamp);
  void start_waiting();
  Job* take_startable();
  void start(Job& job);
  void withdraw(Job& job);
  std::optional<WallTime> next_due(const Job& job) const;

  const Clock& clock_;
  Timers& timers_;
  const Start start_;
  const std::size_t running_limit_;
  bool is_stopped_ = false;
  bool is_starting_ = false;

  std::map<std::string, Job, std::less<>> jobs_;
  std::set<std::string, std::less<>> running_;  // ids, also of jobs that were removed meanwhile
  std::deque<Job*> waiting_;                    // in due order
  std::vector<Job*> fresh_;                     // aligned jobs before their first round
  Timers::Id first_rounds_timer_ = 0;
};

}  // namespace shoal::schedule
