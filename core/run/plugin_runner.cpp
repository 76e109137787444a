#include "run/plugin_runner.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include <fmt/core.h>

#include "base/log.h"

namespace shoal::run {
namespace {

constexpr std::chrono::seconds longest_idle{10};
// For stop(), and for destroy().
constexpr std::chrono::seconds farewell_patience{3};

enum class Step : std::uint8_t { round, farewell, destroy };

// One call on its way through a worker.
struct Task {
  std::uint64_t number = 0;
  Step step = Step::round;
  std::shared_ptr<PluginJob> job;
  std::shared_ptr<plugin::Instance> instance;  // while it is destroyed, the worker's alone
  std::chrono::milliseconds timeout{};
  WallTime scheduled;
  PluginRunner::Done done;
  Timers::Id timer = 0;
  bool is_cancelled = false;            // loop thread only
  std::atomic<std::int64_t> began = 0;  // steady nanoseconds; 0 while it waits for a worker
  SteadyTime ended;                     // written by the worker before it posts
  plugin::RoundReport report;           // likewise
};
using TaskPtr = std::shared_ptr<Task>;

// A job to be let go of once its round is over.
struct Retirement {
  std::shared_ptr<PluginJob> job;
  std::shared_ptr<PluginJob> heir;
  std::function<void()> done;
};

Outcome outcome_of(plugin::CallStatus status) {
  switch (status) {
    case plugin::CallStatus::ok:
    case plugin::CallStatus::nothing:
      return Outcome::ok;
    case plugin::CallStatus::deadline:
      return Outcome::timed_out;
    case plugin::CallStatus::cancelled:
      return Outcome::cancelled;
    default:
      return Outcome::failed;
  }
}

std::string reason_of(const plugin::RoundReport& report) {
  if (!report.reason.empty() || outcome_of(report.status) == Outcome::ok) return report.reason;
  return fmt::format("the plugin gave no reason ({})", plugin::status_name(report.status));
}

SteadyTime began_at(const Task& task) {
  return SteadyTime{std::chrono::nanoseconds{task.began.load(std::memory_order_acquire)}};
}

}  // namespace

// Shared with the workers, so that one which never returns still finds it alive.
struct PluginRunner::State : std::enable_shared_from_this<State> {
  State(EventLoop& event_loop, Timers& wheel, const Clock& the_clock, Limits the_limits)
      : loop(event_loop), timers(wheel), clock(the_clock), limits(the_limits) {}

  // Loop thread.
  void submit(TaskPtr task);
  void add_waiter();
  void join_retired();
  void add_worker();
  void watch(const TaskPtr& task, std::chrono::nanoseconds from_now);
  void overdue(std::uint64_t number);
  void give_up(const TaskPtr& task);
  void collect();
  void finish(const TaskPtr& task, Round round);
  void retire(Retirement retirement);
  bool is_running(const PluginJob& job) const;
  void let_go(Retirement retirement);
  void let_go_of_the_idle();
  // After stop() has returned, be it late.
  void destroy(Task& farewell, std::function<void()> done);
  Round answer(const Task& task) const;

  // Worker threads.
  void work();
  void wait_on_processes();
  TaskPtr next_isolated_task();
  void call(Task& task);
  static void end_instance(Task& task, const plugin::Call& call);
  TaskPtr next_task();
  void hand_back(TaskPtr task);

  EventLoop& loop;
  Timers& timers;
  const Clock& clock;
  const Limits limits;
  std::unordered_map<std::uint64_t, TaskPtr> running;  // loop thread only, as all down to `mutex`
  std::vector<std::thread> workers;
  std::uint64_t last_number = 0;
  std::size_t stuck_count = 0;
  std::map<std::thread::id, std::thread> waiters;  // threads of isolated plugins
  std::vector<Retirement> retirements;             // that wait for a round to end

  std::mutex mutex;
  std::condition_variable ready;
  std::deque<TaskPtr> waiting;
  std::condition_variable isolated_ready;
  std::deque<TaskPtr> isolated;
  std::size_t idle_waiters = 0;
  std::vector<std::thread::id> retired;  // waiters that have ended
  std::vector<TaskPtr> finished;
  bool is_stopping = false;
};

void PluginRunner::State::submit(TaskPtr task) {
  task->number = ++last_number;
  running.emplace(task->number, task);
  watch(task, task->timeout);
  if (!task->instance->is_isolated()) {
    const std::lock_guard lock(mutex);
    waiting.push_back(std::move(task));
    ready.notify_one();
    return;
  }
  join_retired();
  const std::lock_guard lock(mutex);
  isolated.push_back(std::move(task));
  if (isolated.size() > idle_waiters && waiters.size() < limits.most_waiting) add_waiter();
  isolated_ready.notify_one();
}

void PluginRunner::State::add_waiter() {
  std::thread thread([self = shared_from_this()] { self->wait_on_processes(); });
  const auto id = thread.get_id();
  waiters.emplace(id, std::move(thread));
}

void PluginRunner::State::join_retired() {
  std::vector<std::thread::id> ended;
  {
    const std::lock_guard lock(mutex);
    ended.swap(retired);
  }
  for (const auto id : ended) {
    waiters.at(id).join();
    waiters.erase(id);
  }
}

void PluginRunner::State::add_worker() {
  workers.emplace_back([self = shared_from_this()] { self->work(); });
}

void PluginRunner::State::watch(const TaskPtr& task, std::chrono::nanoseconds from_now) {
  task->timer =
      timers.call_at(clock.steady() + from_now, [this, number = task->number] { overdue(number); });
}

void PluginRunner::State::overdue(std::uint64_t number) {
  const auto found = running.find(number);
  if (found == running.end()) return;
  const TaskPtr task = found->second;
  const auto timeout = task->timeout;
  if (task->began.load(std::memory_order_acquire) == 0) return watch(task, timeout);

  const auto ran = clock.steady() - began_at(*task);
  if (ran < timeout) return watch(task, timeout - ran);
  if (ran < 2 * timeout) {
    if (task->step != Step::destroy) task->instance->cancel();
    return watch(task, 2 * timeout - ran);
  }
  give_up(task);
}

void PluginRunner::State::give_up(const TaskPtr& task) {
  task->job->is_stuck = true;
  if (task->step != Step::destroy) task->instance->abandon();
  ++stuck_count;
  if (workers.size() < std::min(limits.threads + stuck_count, limits.most_threads)) add_worker();

  Round round{.job = task->job->id,
              .scheduled = task->scheduled,
              .started = began_at(*task),
              .duration = clock.steady() - began_at(*task),
              .outcome = Outcome::stuck,
              .reason = fmt::format("did not return within {} s; no longer called until a reload",
                                    2 * task->timeout.count() / 1000)};
  if (task->step != Step::round) {
    round.reason = fmt::format("did not end its {} within {} s; left alone",
                               task->step == Step::farewell ? "stop" : "destroy",
                               2 * task->timeout.count() / 1000);
  }
  log::error("{}: {}", round.job, round.reason);
  finish(task, std::move(round));
}

void PluginRunner::State::collect() {
  std::vector<TaskPtr> all;
  {
    const std::lock_guard lock(mutex);
    all.swap(finished);
  }
  for (const TaskPtr& task : all) {
    if (running.contains(task->number)) {
      finish(task, answer(*task));
    } else {
      --stuck_count;
      if (task->step == Step::farewell) destroy(*task, [] {});
      if (task->step != Step::round) continue;
      log::warning("{}: the stuck call has returned; reload to use it again", task->job->id);
    }
  }
}

void PluginRunner::State::finish(const TaskPtr& task, Round round) {
  timers.cancel(task->timer);
  running.erase(task->number);
  let_go_of_the_idle();
  task->done(std::move(round));
}

bool PluginRunner::State::is_running(const PluginJob& job) const {
  return std::any_of(running.begin(), running.end(),
                     [&](const auto& one) { return one.second->job.get() == &job; });
}

void PluginRunner::State::retire(Retirement retirement) {
  // Who was to inherit from an earlier one, and never ran, passes that on.
  for (Retirement& earlier : retirements) {
    if (earlier.heir == retirement.job) earlier.heir = retirement.heir;
  }
  retirements.push_back(std::move(retirement));
  let_go_of_the_idle();
}

void PluginRunner::State::let_go_of_the_idle() {
  const auto idle =
      std::stable_partition(retirements.begin(), retirements.end(),
                            [this](const Retirement& one) { return is_running(*one.job); });
  std::vector<Retirement> leaving{std::make_move_iterator(idle),
                                  std::make_move_iterator(retirements.end())};
  retirements.erase(idle, retirements.end());
  for (Retirement& one : leaving) let_go(std::move(one));
}

void PluginRunner::State::let_go(Retirement retirement) {
  const auto& job = retirement.job;
  if (job->is_stuck) return retirement.done();
  if (retirement.heir != nullptr) retirement.heir->instance->adopt(job->instance->memory());

  auto farewell = std::make_shared<Task>();
  farewell->step = Step::farewell;
  farewell->job = job;
  farewell->instance = std::exchange(job->instance, nullptr);
  farewell->timeout = farewell_patience;
  farewell->done = [this, self = std::weak_ptr(farewell),
                    done = std::move(retirement.done)](const Round& round) {
    if (round.outcome == Outcome::stuck) return done();
    if (round.outcome != Outcome::ok) log::warning("{}: stop: {}", round.job, round.reason);
    destroy(*self.lock(), done);
  };
  submit(std::move(farewell));
}

void PluginRunner::State::destroy(Task& farewell, std::function<void()> done) {
  auto destruction = std::make_shared<Task>();
  destruction->step = Step::destroy;
  destruction->job = farewell.job;
  destruction->instance = std::move(farewell.instance);
  destruction->timeout = farewell_patience;
  destruction->done = [done = std::move(done)](const Round&) { done(); };
  submit(std::move(destruction));
}

Round PluginRunner::State::answer(const Task& task) const {
  Round round{.job = task.job->id,
              .scheduled = task.scheduled,
              .started = began_at(task),
              .duration = task.ended - began_at(task),
              .outcome = outcome_of(task.report.status),
              .reason = reason_of(task.report),
              .records = task.report.records,
              .dropped = task.report.dropped};
  if (round.duration >= task.timeout && round.outcome == Outcome::cancelled) {
    round.outcome = task.is_cancelled ? Outcome::cancelled : Outcome::timed_out;
  }
  return round;
}

void PluginRunner::State::work() {
  while (const TaskPtr task = next_task()) {
    call(*task);
    hand_back(task);
  }
}

void PluginRunner::State::wait_on_processes() {
  while (const TaskPtr task = next_isolated_task()) {
    call(*task);
    hand_back(task);
  }
  const std::lock_guard lock(mutex);
  retired.push_back(std::this_thread::get_id());
}

TaskPtr PluginRunner::State::next_isolated_task() {
  std::unique_lock lock(mutex);
  ++idle_waiters;
  const bool has_work = isolated_ready.wait_for(
      lock, longest_idle, [this] { return is_stopping || !isolated.empty(); });
  --idle_waiters;
  if (!has_work || isolated.empty()) return nullptr;
  TaskPtr task = std::move(isolated.front());
  isolated.pop_front();
  return task;
}

TaskPtr PluginRunner::State::next_task() {
  std::unique_lock lock(mutex);
  ready.wait(lock, [this] { return is_stopping || !waiting.empty(); });
  if (waiting.empty()) return nullptr;
  TaskPtr task = std::move(waiting.front());
  waiting.pop_front();
  return task;
}

void PluginRunner::State::call(Task& task) {
  const SteadyTime now = clock.steady();
  task.began.store(now.time_since_epoch().count(), std::memory_order_release);
  const plugin::Call call{.scheduled = task.scheduled, .deadline = now + task.timeout};
  PluginJob& job = *task.job;
  if (task.step != Step::round) {
    end_instance(task, call);
    task.ended = clock.steady();
    return;
  }
  if (!job.is_started) {
    task.report = job.instance->start(call);
    job.is_started = task.report.status == plugin::CallStatus::ok;
  }
  if (job.is_started) task.report = job.instance->run(call);
  task.ended = clock.steady();
}

// Nobody says farewell who was never started.
void PluginRunner::State::end_instance(Task& task, const plugin::Call& call) {
  if (task.step == Step::destroy) {
    task.instance.reset();
  } else if (task.job->is_started) {
    task.report = task.instance->stop(call);
  }
}

void PluginRunner::State::hand_back(TaskPtr task) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex);
    is_first = finished.empty();
    finished.push_back(std::move(task));
  }
  // One wake-up of the loop serves all that finish before it looks.
  if (is_first) loop.post([self = shared_from_this()] { self->collect(); });
}

PluginRunner::PluginRunner(EventLoop& loop, Timers& timers, const Clock& clock, Limits limits)
    : state_(std::make_shared<State>(loop, timers, clock, limits)) {
  for (std::size_t i = 0; i < limits.threads; ++i) state_->add_worker();
}

PluginRunner::~PluginRunner() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->is_stopping = true;
    state_->waiting.clear();
    state_->isolated.clear();
  }
  state_->ready.notify_all();
  state_->isolated_ready.notify_all();
  for (auto& [number, task] : state_->running) state_->timers.cancel(task->timer);
  for (std::thread& worker : state_->workers) {
    // Which of them are blocked for ever cannot be told apart; the agent then ends by _exit.
    if (has_stuck()) {
      worker.detach();
    } else {
      worker.join();
    }
  }
  // These always return: a process that does not is killed.
  for (auto& [id, waiter] : state_->waiters) waiter.join();
}

void PluginRunner::start(std::shared_ptr<PluginJob> job, WallTime scheduled, Done done) {
  if (job->is_stuck) {
    done(Round{.job = job->id,
               .scheduled = scheduled,
               .started = state_->clock.steady(),
               .outcome = Outcome::stuck,
               .reason = "stuck in an earlier round; no longer called until a reload"});
    return;
  }
  auto task = std::make_shared<Task>();
  task->instance = job->instance;
  task->timeout = job->timeout;
  task->job = std::move(job);
  task->scheduled = scheduled;
  task->done = std::move(done);
  state_->submit(std::move(task));
}

void PluginRunner::retire(std::shared_ptr<PluginJob> job, std::shared_ptr<PluginJob> heir,
                          std::function<void()> done) {
  state_->retire({std::move(job), std::move(heir), std::move(done)});
}

void PluginRunner::cancel_all() {
  for (auto& [number, task] : state_->running) {
    task->is_cancelled = true;
    if (task->step != Step::destroy) task->instance->cancel();
  }
}

std::size_t PluginRunner::running_count() const {
  return state_->running.size();
}

bool PluginRunner::has_stuck() const {
  return state_->stuck_count > 0;
}

}  // namespace shoal::run
