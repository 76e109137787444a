/* Takes three seconds for its round unless it is cancelled, whatever the deadline. types.h,
 * shoal_call: after the deadline nobody waits. */
#include <unistd.h>

#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  for (int i = 0; i < 300; ++i) {
    if (sound_is_cancelled(call)) return sound_fail(self, SHOAL_CANCELLED, "cancelled");
    usleep(10 * 1000);
  }
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
