/* Emits a second point under a handle that it made up. types.h, shoal_point: a handle is from
 * declare(). */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  const shoal_point other = {self->series + 1, 0, 0, 1};
  self->host->emit(self->context, call, &other, 1);
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
