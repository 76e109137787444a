/* Logs at a level that there is not. plugin.h, SHOAL_LOG_: 0 to 3. */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  self->host->log(self->context, 9, sound_text("read the file"));
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
