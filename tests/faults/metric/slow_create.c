/* Takes six seconds to make an instance. plugin.h, create: within 5 s. */
#include <unistd.h>

#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  sleep(6);
  return sound_create(given, made);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
