// Waits for descriptors, for one alarm and for what other threads post, and calls their handlers
// one after another on the thread that calls run(). Thin over epoll: a timerfd on the wall clock
// for the alarm (so that clock steps are noticed), an eventfd for posts.
//
// Everything is for the loop thread only, except post() and stop().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/clock.h"

namespace shoal {

class EventLoop {
 public:
  using Handler = std::function<void()>;

  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Calls `handler` whenever `fd` is readable or hung up. The caller keeps owning `fd` and
  // unwatches it before closing it. A handler may unwatch any descriptor, also its own.
  void watch(int fd, Handler handler);
  void unwatch(int fd);

  // Calls `on_alarm` once the wall clock reaches `when`; replaces any earlier alarm.
  // WallTime::max(): none, but steps are still noticed.
  void set_alarm(WallTime when);
  void on_alarm(Handler handler);
  // Calls `handler` after someone set the wall clock; the alarm must then be set anew.
  void on_clock_step(Handler handler);

  // Calls `handler` each time before the loop waits: the place to set the alarm once for all that
  // the handlers of one wake-up have armed and disarmed.
  void before_wait(Handler handler);

  // Has `handler` called on the loop thread. Thread-safe.
  void post(Handler handler);

  // Runs until stop(). What was posted before stop() is still called.
  void run();
  // Handles what is ready without waiting; true if there was anything. For tests and for draining.
  bool run_ready();
  // Thread-safe.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace shoal
