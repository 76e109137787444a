/* Ends a good round with 7. types.h, SHOAL_OK and its kin: there are two that are not negative. */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  const shoal_status status = sound_collect(self, call);
  return status == SHOAL_OK ? 7 : status;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
