/* Emits 200,000 points a round, whatever it is answered. plugin.h, emit: a round holds 100,000. */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  shoal_point points[1000];
  const shoal_point point = {self->series, 0, 0, 1};
  for (int i = 0; i < 1000; ++i) points[i] = point;
  for (int i = 0; i < 200; ++i) self->host->emit(self->context, call, points, 1000);
  return SHOAL_OK;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
