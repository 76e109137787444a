// Signals as ordinary handlers on the loop thread. Blocks them in the calling thread, so construct
// it before any other thread starts. Loop thread only.
#pragma once

#include <functional>
#include <memory>

#include "base/event_loop.h"
#include "base/unique_fd.h"

namespace shoal::control {

class Signals {
 public:
  struct Handlers {
    std::function<void(int signal)> stop;  // SIGTERM, SIGINT, SIGQUIT
    std::function<void()> reload;          // SIGHUP
  };

  Signals(EventLoop& loop, Handlers handlers);
  ~Signals();
  // From now on the next signal to stop ends the process with exit code 1: for the time after the
  // loop has ended.
  void exit_at_next();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void read();

  EventLoop& loop_;
  Handlers handlers_;
  UniqueFd fd_;
};

}  // namespace shoal::control
