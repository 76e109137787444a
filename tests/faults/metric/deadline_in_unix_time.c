/* Holds the deadline against the wall clock. types.h, shoal_call: deadline_ns is steady time. */
#include <time.h>

#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (SHOAL_HAS(call, shoal_call, deadline_ns) &&
      (int64_t)now.tv_sec * 1000000000 + now.tv_nsec > call->deadline_ns) {
    return sound_fail(self, SHOAL_DEADLINE, "no time is left");
  }
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
