/* Sets a flag in its points. types.h, shoal_point: flags is 0. */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  shoal_point point = {self->series, 1, 0, 0};
  const shoal_status status = sound_read(self, &point.value);
  if (status != SHOAL_OK) return status;
  return self->host->emit(self->context, call, &point, 1);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
