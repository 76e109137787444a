#include "plugin/http/patience.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <poll.h>

#include "base/error.h"
#include "plugin/http/failure.h"

namespace shoal::plugin {
namespace {

// A cancel flag cannot wake poll(), so a wait looks at it this often.
constexpr std::chrono::nanoseconds longest_nap = std::chrono::milliseconds(50);

// True if `fd` is ready; false after `time`.
bool poll_for(int fd, short events, std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const timespec timeout{seconds.count(), (time - seconds).count()};
  pollfd entry{fd, events, 0};
  const int ready = ::ppoll(&entry, 1, &timeout, nullptr);
  if (ready < 0 && errno != EINTR) throw_errno("poll");
  return ready > 0;
}

}  // namespace

void Patience::check() const {
  if (cancel_.load(std::memory_order_relaxed) != 0) throw HttpFailure(CallStatus::cancelled, {});
  if (left() <= std::chrono::nanoseconds::zero()) throw HttpFailure(CallStatus::deadline, {});
}

bool Patience::wait_until(int fd, short events, SteadyTime until) const {
  for (;;) {
    check();
    const std::chrono::nanoseconds remaining = std::min(until - clock_.steady(), left());
    if (remaining <= std::chrono::nanoseconds::zero()) return false;
    if (poll_for(fd, events, std::min(remaining, longest_nap))) return true;
  }
}

void Patience::wait(int fd, short events) const {
  while (!wait_until(fd, events, deadline_)) check();
}

}  // namespace shoal::plugin
