/* Logs a text whose data is NULL. types.h, shoal_text: data is never NULL, empty is {"", 0}. */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  const shoal_text nothing = {NULL, 0};
  self->host->log(self->context, SHOAL_LOG_DEBUG, nothing);
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
