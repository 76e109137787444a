/* Logs Latin-1. types.h, shoal_text: UTF-8 bytes. */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  self->host->log(self->context, SHOAL_LOG_DEBUG, sound_text("temp\xE9rature lue"));
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
