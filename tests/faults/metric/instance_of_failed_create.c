/* Stores an instance also when it refuses its options. plugin.h, create: on failure leaves
 * *instance untouched. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  *made = NULL;
  return sound_create(given, made);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
