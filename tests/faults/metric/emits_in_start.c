/* Emits a first value when it starts. plugin.h, emit: valid during collect() and check(). */
#include "../sound.h"

static shoal_status start(shoal_instance* self, const shoal_call* call) {
  sound_emit(self, call, 0);
  return SHOAL_OK;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, start, NULL, sound_destroy, sound_collect)
