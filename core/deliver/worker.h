// The thread around a Delivery: sleeps until it has something to do. Keeps the output's instance
// and owns its source. start() and stop() are for one thread; the rest is thread-safe.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "deliver/delivery.h"

namespace shoal::deliver {

class Worker {
 public:
  // `clock` outlives this.
  Worker(std::unique_ptr<Source> source, std::shared_ptr<plugin::Instance> instance,
         const Clock& clock, DeliverySettings settings);
  // Waits for the thread, however long its call takes.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start();
  // There are new records.
  void notify();
  // As notify(), and one of them should not wait: see Delivery::hurry().
  void hurry();
  // Asks a call that has passed its deadline to end. To be called now and then.
  void cancel_overdue();
  // Offers once more what is fresh and stops the instance, all before `deadline`; a call that still
  // runs then is cancelled. False if it does not end within another second: it is abandoned, and
  // destroying the worker would wait for it.
  bool stop(SteadyTime deadline);

  State state() const { return delivery_.state(); }
  queue::Accounts accounts() { return source_->accounts(); }

 private:
  void work();
  bool wait_until(SteadyTime when);
  bool wait_for_end(std::chrono::nanoseconds duration);

  const std::unique_ptr<Source> source_;
  const std::shared_ptr<plugin::Instance> instance_;
  const Clock& clock_;
  Delivery delivery_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_news_ = false;
  bool is_hurried_ = false;
  bool is_ended_ = false;
  std::optional<SteadyTime> stop_deadline_;
  std::thread thread_;
};

}  // namespace shoal::deliver
