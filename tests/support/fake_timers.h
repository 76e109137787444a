// Timers that fire when a test says so. Not thread-safe.
#pragma once

#include <map>
#include <utility>

#include "base/timers.h"

namespace shoal::test {

class FakeTimers final : public Timers {
 public:
  Id call_at(SteadyTime due, Handler handler) override {
    timers_.emplace(++last_id_, std::pair(due, std::move(handler)));
    return last_id_;
  }
  void cancel(Id id) override { timers_.erase(id); }

  std::size_t size() const { return timers_.size(); }

  // Calls what is due at `now`, in the order it was set.
  void run_due(SteadyTime now) {
    for (auto timer = timers_.begin(); timer != timers_.end();) {
      if (timer->second.first > now) {
        ++timer;
        continue;
      }
      const Handler handler = std::move(timer->second.second);
      timers_.erase(timer);
      handler();
      timer = timers_.begin();
    }
  }

 private:
  std::map<Id, std::pair<SteadyTime, Handler>> timers_;
  Id last_id_ = 0;
};

}  // namespace shoal::test
