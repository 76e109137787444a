#include "deliver/worker.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.h"

namespace shoal::deliver {
namespace {

// The condition variable's clock stands still while the host is suspended; ours does not.
constexpr std::chrono::minutes longest_wait{1};
constexpr std::chrono::seconds grace{1};

}  // namespace

Worker::Worker(std::unique_ptr<Source> source, std::shared_ptr<plugin::Instance> instance,
               const Clock& clock, DeliverySettings settings)
    : source_(std::move(source)),
      instance_(std::move(instance)),
      clock_(clock),
      delivery_(*source_, *instance_, clock, std::move(settings), system_random()) {}

Worker::~Worker() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    if (!stop_deadline_) stop_deadline_ = clock_.steady();
  }
  changed_.notify_all();
  thread_.join();
}

void Worker::start() {
  thread_ = std::thread([this] {
    try {
      work();
    } catch (const std::exception& error) {
      log::error("a delivery thread ended: {}", error.what());
    }
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
    changed_.notify_all();
  });
}

void Worker::work() {
  while (wait_until(delivery_.step())) {
  }
  delivery_.finish(*stop_deadline_);
}

// False when it is time to stop.
bool Worker::wait_until(SteadyTime when) {
  std::unique_lock lock(mutex_);
  const auto is_called = [this] { return has_news_ || stop_deadline_; };
  if (when == SteadyTime::max()) {
    changed_.wait(lock, is_called);
  } else {
    const auto duration = std::min<std::chrono::nanoseconds>(when - clock_.steady(), longest_wait);
    changed_.wait_for(lock, duration, is_called);
  }
  has_news_ = false;
  if (std::exchange(is_hurried_, false)) delivery_.hurry();
  return !stop_deadline_;
}

void Worker::notify() {
  {
    const std::lock_guard lock(mutex_);
    has_news_ = true;
  }
  changed_.notify_all();
}

void Worker::hurry() {
  {
    const std::lock_guard lock(mutex_);
    is_hurried_ = true;
  }
  notify();
}

void Worker::cancel_overdue() {
  const auto deadline = delivery_.call_deadline();
  if (deadline && clock_.steady() > *deadline) instance_->cancel();
}

bool Worker::stop(SteadyTime deadline) {
  if (!thread_.joinable()) return true;
  {
    const std::lock_guard lock(mutex_);
    stop_deadline_ = deadline;
  }
  changed_.notify_all();
  if (!wait_for_end(deadline - clock_.steady())) {
    instance_->cancel();
    if (!wait_for_end(grace)) {
      instance_->abandon();
      return false;
    }
  }
  thread_.join();
  return true;
}

bool Worker::wait_for_end(std::chrono::nanoseconds duration) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, duration, [this] { return is_ended_; });
}

}  // namespace shoal::deliver
