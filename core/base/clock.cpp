#include "base/clock.h"

#include <ctime>

namespace shoal {
namespace {

std::chrono::nanoseconds read(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

}  // namespace

WallTime SystemClock::wall() const {
  return WallTime{read(CLOCK_REALTIME)};
}

SteadyTime SystemClock::steady() const {
  return SteadyTime{read(CLOCK_BOOTTIME)};
}

}  // namespace shoal
