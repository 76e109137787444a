/* Cannot be started again after it asked for that. plugin.h, start: SHOAL_RETRY, tried again later.
 */
#include "../sound.h"

static shoal_status start(shoal_instance* self, const shoal_call* call) {
  (void)call;
  if (self->own != NULL) abort();
  self->own = self;
  return sound_fail(self, SHOAL_RETRY, "the file is not yet there");
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, start, NULL, sound_destroy, sound_collect)
