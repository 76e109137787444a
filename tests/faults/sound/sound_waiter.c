/* Breaks no rule: a metric that takes its time, in slices, while the deadline and the cancel flag
 * allow. */
#include <unistd.h>

#include "../sound.h"

static int is_time_left(shoal_instance* self, const shoal_call* call) {
  const shoal_clock* clock =
      (const shoal_clock*)self->host->service(self->host, SHOAL_SERVICE_CLOCK);
  if (clock == NULL || !SHOAL_HAS(clock, shoal_clock, steady_ns)) return 1;
  if (!SHOAL_HAS(call, shoal_call, deadline_ns)) return 1;
  return clock->steady_ns(self->context) + 10 * 1000000 < call->deadline_ns;
}

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  for (int i = 0; i < 20; ++i) {
    if (sound_is_cancelled(call)) return sound_fail(self, SHOAL_CANCELLED, "cancelled");
    if (!is_time_left(self, call)) return sound_fail(self, SHOAL_DEADLINE, "no time is left");
    usleep(5 * 1000);
  }
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
