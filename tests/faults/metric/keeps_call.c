/* Keeps the call of the first round and goes by its cancel flag ever after. types.h, shoal_call:
 * borrowed. */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  if (self->own == NULL) self->own = (void*)call;
  if (sound_is_cancelled((const shoal_call*)self->own)) {
    return sound_fail(self, SHOAL_CANCELLED, "cancelled");
  }
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
