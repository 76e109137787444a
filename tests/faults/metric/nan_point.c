/* Emits 0/0 on its first round, when it has no earlier value. types.h, shoal_point: the value is
 * finite. */
#include <math.h>

#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  if (self->rounds++ == 0) return sound_emit(self, call, NAN);
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
