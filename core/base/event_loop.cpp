#include "base/event_loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <span>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "base/error.h"
#include "base/unique_fd.h"

namespace shoal {
namespace {

UniqueFd opened(int fd, const char* what) {
  if (fd < 0) throw_errno(what);
  return UniqueFd(fd);
}

// The zero time would disarm a timerfd, so what is long past becomes the first nanosecond.
itimerspec one_shot_at(WallTime when) {
  const auto since_epoch = std::max(when.time_since_epoch(), std::chrono::nanoseconds(1));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  itimerspec spec{};
  spec.it_value.tv_sec = seconds.count();
  spec.it_value.tv_nsec = (since_epoch - seconds).count();
  return spec;
}

}  // namespace

struct EventLoop::State {
  // The serial tells a descriptor from an earlier one of the same number, whose event may still
  // be waiting in the batch at hand.
  struct Watch {
    std::uint32_t serial;
    std::shared_ptr<const Handler> handler;
  };

  void add(int fd, Handler handler);
  bool handle_ready(int timeout_ms);
  void handle(const epoll_event& event);
  void handle_timer();
  void call_posted();
  void wake_up();

  UniqueFd epoll = opened(epoll_create1(EPOLL_CLOEXEC), "epoll_create");
  UniqueFd timer =
      opened(timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create");
  UniqueFd wake = opened(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd");

  std::unordered_map<int, Watch> watches;
  std::uint32_t last_serial = 0;
  Handler alarm_handler = [] {};
  Handler step_handler = [] {};
  Handler wait_handler = [] {};
  bool is_stopped = false;

  std::mutex mutex;  // guards posted
  std::vector<Handler> posted;
};

void EventLoop::State::add(int fd, Handler handler) {
  const std::uint32_t serial = ++last_serial;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = std::uint64_t{serial} << 32 | static_cast<std::uint32_t>(fd);
  if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) < 0) throw_errno("epoll_ctl add");
  watches[fd] = {serial, std::make_shared<const Handler>(std::move(handler))};
}

bool EventLoop::State::handle_ready(int timeout_ms) {
  std::array<epoll_event, 64> events;
  const int count = epoll_wait(epoll.get(), events.data(), events.size(), timeout_ms);
  if (count < 0 && errno != EINTR) throw_errno("epoll_wait");
  if (count <= 0) return false;

  for (const auto& event : std::span(events).first(static_cast<std::size_t>(count))) handle(event);
  return true;
}

void EventLoop::State::handle(const epoll_event& event) {
  const auto found = watches.find(static_cast<int>(event.data.u64 & 0xffff'ffff));
  if (found == watches.end() || found->second.serial != event.data.u64 >> 32) return;

  const auto handler = found->second.handler;  // outlives its own unwatch()
  (*handler)();
}

void EventLoop::State::handle_timer() {
  std::uint64_t expirations = 0;
  if (read(timer.get(), &expirations, sizeof expirations) == sizeof expirations) {
    alarm_handler();
  } else if (errno == ECANCELED) {
    step_handler();
  }
  // Otherwise an earlier handler of this batch has set the alarm anew.
}

void EventLoop::State::call_posted() {
  eventfd_t count = 0;
  eventfd_read(wake.get(), &count);
  std::vector<Handler> handlers;
  {
    const std::lock_guard lock(mutex);
    handlers.swap(posted);
  }
  for (const auto& handler : handlers) handler();
}

void EventLoop::State::wake_up() {
  if (eventfd_write(wake.get(), 1) < 0) throw_errno("eventfd write");
}

EventLoop::EventLoop() : state_(std::make_unique<State>()) {
  state_->add(state_->timer.get(), [state = state_.get()] { state->handle_timer(); });
  state_->add(state_->wake.get(), [state = state_.get()] { state->call_posted(); });
  set_alarm(WallTime::max());
}

EventLoop::~EventLoop() = default;

void EventLoop::watch(int fd, Handler handler) {
  state_->add(fd, std::move(handler));
}

void EventLoop::unwatch(int fd) {
  if (state_->watches.erase(fd) > 0) epoll_ctl(state_->epoll.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void EventLoop::set_alarm(WallTime when) {
  const auto spec = one_shot_at(when);
  constexpr int flags = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
  if (timerfd_settime(state_->timer.get(), flags, &spec, nullptr) == 0) return;

  // The alarm is armed, but a step that had not been read yet is reported here and nowhere else.
  if (errno != ECANCELED) throw_errno("timerfd_settime");
  post([state = state_.get()] { state->step_handler(); });
}

void EventLoop::on_alarm(Handler handler) {
  state_->alarm_handler = std::move(handler);
}

void EventLoop::on_clock_step(Handler handler) {
  state_->step_handler = std::move(handler);
}

void EventLoop::before_wait(Handler handler) {
  state_->wait_handler = std::move(handler);
}

void EventLoop::post(Handler handler) {
  bool was_empty = false;
  {
    const std::lock_guard lock(state_->mutex);
    was_empty = state_->posted.empty();
    state_->posted.push_back(std::move(handler));
  }
  if (was_empty) state_->wake_up();
}

void EventLoop::run() {
  while (!state_->is_stopped) {
    state_->wait_handler();
    state_->handle_ready(-1);
  }
  state_->is_stopped = false;
}

bool EventLoop::run_ready() {
  return state_->handle_ready(0);
}

// Posted itself, so that it comes after all that was posted before.
void EventLoop::stop() {
  post([state = state_.get()] { state->is_stopped = true; });
}

}  // namespace shoal
