// Setting the machine's clock in a test is out of the question, so this program is linked with
// its own read() and timerfd_settime(), which can answer once as the kernel does after a step.
#include <cerrno>
#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/timerfd.h>

#include "base/event_loop.h"

using shoal::EventLoop;
using shoal::WallTime;

namespace {

bool is_next_read_cancelled = false;
bool is_next_settime_cancelled = false;

bool take(bool& flag) {
  const bool was_set = flag;
  flag = false;
  return was_set;
}

}  // namespace

extern "C" {
ssize_t __real_read(int fd, void* buffer, size_t size);
int __real_timerfd_settime(int fd, int flags, const itimerspec* wanted, itimerspec* old);

ssize_t __wrap_read(int fd, void* buffer, size_t size) {
  const ssize_t result = __real_read(fd, buffer, size);
  if (!take(is_next_read_cancelled)) return result;
  errno = ECANCELED;
  return -1;
}

int __wrap_timerfd_settime(int fd, int flags, const itimerspec* wanted, itimerspec* old) {
  const int result = __real_timerfd_settime(fd, flags, wanted, old);
  CHECK((flags & TFD_TIMER_CANCEL_ON_SET) != 0);
  CHECK((wanted->it_value.tv_sec != 0 || wanted->it_value.tv_nsec != 0));
  if (!take(is_next_settime_cancelled)) return result;
  errno = ECANCELED;
  return -1;
}
}

TEST_SUITE("EventLoop") {
  TEST_CASE("reports a clock step instead of the alarm it came with") {
    EventLoop loop;
    int alarms = 0;
    int steps = 0;
    loop.on_alarm([&] { ++alarms; });
    loop.on_clock_step([&] { ++steps; });

    loop.set_alarm(WallTime{});
    is_next_read_cancelled = true;
    loop.run_ready();

    CHECK(steps == 1);
    CHECK(alarms == 0);
  }

  TEST_CASE("reports a clock step that only setting the alarm found out, and keeps the alarm") {
    EventLoop loop;
    int alarms = 0;
    int steps = 0;
    loop.on_alarm([&] { ++alarms; });
    loop.on_clock_step([&] { ++steps; });

    is_next_settime_cancelled = true;
    loop.set_alarm(WallTime{});
    while (loop.run_ready()) continue;

    CHECK(steps == 1);
    CHECK(alarms == 1);
  }
}
