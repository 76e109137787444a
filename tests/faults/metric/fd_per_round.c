/* Opens its file anew in each round and never closes it. plugin.h, destroy: frees the instance, and
 * what it took. */
#include <fcntl.h>

#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  (void)open(self->path, O_RDONLY | O_CLOEXEC);
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
