/* Stamps its points in seconds. types.h, shoal_point: Unix time in nanoseconds. */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  shoal_point point = {self->series, 0, 0, 0};
  const shoal_status status = sound_read(self, &point.value);
  if (status != SHOAL_OK) return status;
  if (SHOAL_HAS(call, shoal_call, scheduled_ns)) point.time_ns = call->scheduled_ns / 1000000000;
  return self->host->emit(self->context, call, &point, 1);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
