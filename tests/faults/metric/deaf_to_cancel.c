/* Takes a second and a half for its round and never looks at the cancel flag meanwhile. types.h,
 * shoal_call: poll it in loops and before each wait. */
#include <unistd.h>

#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  for (int i = 0; i < 15; ++i) usleep(100 * 1000);
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
