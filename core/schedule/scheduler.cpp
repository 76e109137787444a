#include "schedule/scheduler.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace shoal::schedule {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Long enough that a hundred checks do not start as one, short enough to wait for.
constexpr milliseconds first_rounds_spread{5'000};

// FNV-1a: the same on every machine and in every build, so a restart keeps the order of starts.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 14'695'981'039'346'656'037U;
  for (const char byte : text) {
    value = (value ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211U;
  }
  return value;
}

milliseconds first_delay(const JobPlan& plan) {
  const auto window =
      static_cast<std::uint64_t>(std::min(first_rounds_spread, plan.interval).count());
  return milliseconds(static_cast<milliseconds::rep>(hash(plan.id) % window));
}

WallTime last_multiple(WallTime time, nanoseconds interval) {
  return time - time.time_since_epoch() % interval;
}

WallTime multiple_after(WallTime time, nanoseconds interval) {
  return last_multiple(time, interval) + interval;
}

}  // namespace

Scheduler::Scheduler(const Clock& clock, Timers& timers, Start start, std::size_t running_limit)
    : clock_(clock), timers_(timers), start_(std::move(start)), running_limit_(running_limit) {
  assert(running_limit > 0);
}

Scheduler::~Scheduler() {
  stop();
}

void Scheduler::add(const JobPlan& plan) {
  assert(plan.interval > milliseconds::zero());
  const auto [place, is_new] = jobs_.try_emplace(plan.id);
  Job& job = place->second;
  if (!is_new && job.plan == plan) return;

  withdraw(job);
  job.plan = plan;
  job.is_fresh = true;
  if (!is_stopped_) plan_first_round(job);
}

void Scheduler::remove(std::string_view id) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  withdraw(found->second);
  jobs_.erase(found);
}

void Scheduler::finished(std::string_view id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  running_.erase(found);
  start_waiting();
}

void Scheduler::clock_stepped() {
  for (auto& [id, job] : jobs_) {
    if (job.timer != 0 && job.plan.phase == Phase::aligned) plan_next_aligned(job);
  }
}

void Scheduler::stop() {
  is_stopped_ = true;
  for (auto& [id, job] : jobs_) withdraw(job);
  timers_.cancel(first_rounds_timer_);
}

std::vector<JobStatus> Scheduler::snapshot() const {
  std::vector<JobStatus> all;
  all.reserve(jobs_.size());
  for (const auto& [id, job] : jobs_) {
    all.push_back({.id = id,
                   .last_scheduled = job.last_scheduled,
                   .next_due = next_due(job),
                   .started = job.started,
                   .skipped = job.skipped,
                   .is_running = running_.contains(id),
                   .is_waiting = job.is_waiting});
  }
  return all;
}

std::optional<WallTime> Scheduler::next_due(const Job& job) const {
  if (is_stopped_) return std::nullopt;
  const auto wall = clock_.wall();
  if (job.timer == 0) return wall;
  if (job.plan.phase == Phase::aligned) return job.due_wall;
  return wall + (job.due_steady - clock_.steady());
}

void Scheduler::plan_first_round(Job& job) {
  if (job.plan.phase == Phase::spread) {
    job.due_steady = clock_.steady() + first_delay(job.plan);
    arm(job);
    return;
  }
  if (fresh_.empty()) {
    timers_.cancel(first_rounds_timer_);
    first_rounds_timer_ = timers_.call_at(clock_.steady(), [this] { start_first_rounds(); });
  }
  fresh_.push_back(&job);
}

void Scheduler::start_first_rounds() {
  const WallTime stamp = std::chrono::floor<std::chrono::seconds>(clock_.wall());
  for (Job* job : std::exchange(fresh_, {})) {
    job->slot = stamp;
    offer_round(*job, stamp);
    plan_next_aligned(*job);
  }
  start_waiting();
}

void Scheduler::plan_next_aligned(Job& job) {
  const nanoseconds interval = job.plan.interval;
  // The wall clock first: the moment between the two makes the round late, never early.
  const auto wall = clock_.wall();
  const auto steady = clock_.steady();

  job.due_wall = multiple_after(job.slot, interval);
  const bool would_be_silent = job.due_wall - wall > 2 * interval;
  if (would_be_silent) job.due_wall = multiple_after(wall - nanoseconds(1), interval);

  // What is late keeps the time it was due, so that missed rounds can be counted.
  const auto wait = job.due_wall - wall;
  job.due_steady = wait > nanoseconds::zero() ? steady + wait : std::min(job.due_steady, steady);
  arm(job);
}

void Scheduler::arm(Job& job) {
  timers_.cancel(job.timer);
  job.timer = timers_.call_at(job.due_steady, [this, &job] { on_due(job); });
}

void Scheduler::on_due(Job& job) {
  if (job.plan.phase == Phase::aligned) {
    reach_aligned(job);
  } else {
    reach_spread(job);
  }
  start_waiting();
}

void Scheduler::reach_aligned(Job& job) {
  const auto wall = clock_.wall();
  // Otherwise the wall clock was set back and nobody has told us yet.
  if (wall >= job.due_wall) {
    count_missed(job, clock_.steady() - job.due_steady);
    job.slot = last_multiple(wall, job.plan.interval);
    offer_round(job, job.slot);
  }
  plan_next_aligned(job);
}

void Scheduler::reach_spread(Job& job) {
  const auto wall = clock_.wall();
  const auto late = clock_.steady() - job.due_steady;
  const auto late_in_round = late % job.plan.interval;
  count_missed(job, late);
  offer_round(job, wall - late_in_round);

  job.due_steady += late - late_in_round + job.plan.interval;
  arm(job);
}

void Scheduler::count_missed(Job& job, nanoseconds late) {
  job.skipped += static_cast<std::uint64_t>(late / job.plan.interval);
}

// A first round may find one running from before the job was removed or planned anew; it waits for
// that one. Any later round is skipped.
void Scheduler::offer_round(Job& job, WallTime stamp) {
  const bool is_first = std::exchange(job.is_fresh, false);
  if (job.is_waiting || (!is_first && running_.contains(job.plan.id))) {
    ++job.skipped;
    return;
  }
  job.stamp = stamp;
  job.is_waiting = true;
  waiting_.push_back(&job);
}

void Scheduler::start_waiting() {
  if (is_starting_) return;  // called back from start_: the loop below goes on
  is_starting_ = true;
  while (Job* job = take_startable()) start(*job);
  is_starting_ = false;
}

Scheduler::Job* Scheduler::take_startable() {
  if (running_.size() >= running_limit_) return nullptr;
  const auto found = std::find_if(waiting_.begin(), waiting_.end(), [this](const Job* job) {
    return !running_.contains(job->plan.id);
  });
  if (found == waiting_.end()) return nullptr;
  Job* job = *found;
  waiting_.erase(found);
  return job;
}

void Scheduler::start(Job& job) {
  job.is_waiting = false;
  job.last_scheduled = job.stamp;
  ++job.started;
  const auto id = *running_.insert(job.plan.id).first;
  start_(id, job.stamp);  // may remove the job
}

void Scheduler::withdraw(Job& job) {
  timers_.cancel(std::exchange(job.timer, 0));
  if (std::exchange(job.is_waiting, false)) std::erase(waiting_, &job);
  std::erase(fresh_, &job);
}

}  // namespace shoal::schedule
