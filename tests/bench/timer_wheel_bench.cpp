// Adding and cancelling timers while many others are armed: our wheel, std::multimap, and the heap
// inside boost::asio's timers. Deadlines are even over ten minutes.
//
// replace: cancels a random one of the armed timers and adds it again with another deadline.
// timeout: adds one timer and cancels it at once, as a request does that is answered in time.
//
// A number is the time of one cancel and one add; compare within one run.
#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/asio/detail/chrono_time_traits.hpp>
#include <boost/asio/detail/timer_queue.hpp>
#include <boost/asio/detail/wait_op.hpp>
#include <boost/asio/wait_traits.hpp>

#include "schedule/timer_wheel.h"

namespace {

using shoal::schedule::TimerWheel;
using Tick = TimerWheel::Tick;

constexpr Tick ten_minutes = 600'000'000;

class Wheel {
 public:
  explicit Wheel(std::size_t count) : timers_(count) {}
  ~Wheel() {
    for (auto& timer : timers_) wheel_.disarm(timer);
  }
  void add(std::size_t index, Tick due) { wheel_.arm(timers_[index], due); }
  void cancel(std::size_t index) { wheel_.disarm(timers_[index]); }

 private:
  TimerWheel wheel_;
  std::vector<TimerWheel::Timer> timers_;
};

class OrderedMap {
 public:
  explicit OrderedMap(std::size_t count) : places_(count) {}
  void add(std::size_t index, Tick due) { places_[index] = map_.emplace(due, index); }
  void cancel(std::size_t index) { map_.erase(places_[index]); }

 private:
  std::multimap<Tick, std::size_t> map_;
  std::vector<std::multimap<Tick, std::size_t>::iterator> places_;
};

// The queue alone, without the locks and handlers of a steady_timer.
class AsioQueue {
 public:
  explicit AsioQueue(std::size_t count) : waits_(count), timers_(count) {}
  ~AsioQueue() {
    for (std::size_t index = 0; index < timers_.size(); ++index) cancel(index);
  }
  void add(std::size_t index, Tick due) {
    queue_.enqueue_timer(SteadyClock::time_point(std::chrono::microseconds(due)), timers_[index],
                         &waits_[index]);
  }
  void cancel(std::size_t index) {
    boost::asio::detail::op_queue<boost::asio::detail::operation> cancelled;
    queue_.cancel_timer(timers_[index], cancelled);
    cancelled.pop();
  }

 private:
  using SteadyClock = std::chrono::steady_clock;
  using Queue = boost::asio::detail::timer_queue<
      boost::asio::detail::chrono_time_traits<SteadyClock, boost::asio::wait_traits<SteadyClock>>>;
  struct Wait : boost::asio::detail::wait_op {
    Wait()
        : wait_op([](void*, boost::asio::detail::operation*, const boost::system::error_code&,
                     std::size_t) {}) {}
  };

  Queue queue_;
  std::vector<Wait> waits_;
  std::vector<Queue::per_timer_data> timers_;
};

struct Step {
  std::size_t index;
  Tick due;
};

// Every timer once, in random order.
std::vector<Step> random_steps(std::size_t count, std::mt19937_64& random) {
  std::vector<Step> steps(count);
  for (std::size_t i = 0; i < count; ++i) steps[i] = {i, 1 + random() % ten_minutes};
  std::shuffle(steps.begin(), steps.end(), random);
  return steps;
}

template <class Queue>
void replace(benchmark::State& state) {
  std::mt19937_64 random(1);
  const auto count = static_cast<std::size_t>(state.range(0));
  Queue queue(count);
  for (const auto& step : random_steps(count, random)) queue.add(step.index, step.due);
  const auto steps = random_steps(count, random);

  auto step = steps.begin();
  for (auto _ : state) {
    queue.cancel(step->index);
    queue.add(step->index, step->due);
    if (++step == steps.end()) step = steps.begin();
  }
}

template <class Queue>
void timeout(benchmark::State& state) {
  std::mt19937_64 random(1);
  const auto count = static_cast<std::size_t>(state.range(0));
  Queue queue(count + 1);
  for (const auto& step : random_steps(count, random)) queue.add(step.index, step.due);
  const auto steps = random_steps(std::min<std::size_t>(count, 10'000), random);

  auto step = steps.begin();
  for (auto _ : state) {
    queue.add(count, step->due);
    queue.cancel(count);
    if (++step == steps.end()) step = steps.begin();
  }
  queue.add(count, ten_minutes);
}

}  // namespace

BENCHMARK(replace<Wheel>)->Arg(10'000)->Arg(1'000'000);
BENCHMARK(replace<OrderedMap>)->Arg(10'000)->Arg(1'000'000);
BENCHMARK(replace<AsioQueue>)->Arg(10'000)->Arg(1'000'000);
BENCHMARK(timeout<Wheel>)->Arg(10'000)->Arg(1'000'000);
BENCHMARK(timeout<OrderedMap>)->Arg(10'000)->Arg(1'000'000);
BENCHMARK(timeout<AsioQueue>)->Arg(10'000)->Arg(1'000'000);

BENCHMARK_MAIN();
