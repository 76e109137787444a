/* Takes its time to say farewell. plugin.h, stop: within the deadline. */
#include <unistd.h>

#include "../sound.h"

static shoal_status stop(shoal_instance* self, const shoal_call* call) {
  (void)self;
  (void)call;
  for (int i = 0; i < 120; ++i) usleep(100 * 1000);
  return SHOAL_OK;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, stop, sound_destroy, sound_collect)
