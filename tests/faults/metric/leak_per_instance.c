/* Forgets 256 KiB of each instance. plugin.h, destroy: frees the instance. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_status status = sound_create(given, made);
  if (status != SHOAL_OK) return status;
  (*made)->own = malloc(256 * 1024);
  if ((*made)->own != NULL) memset((*made)->own, 1, 256 * 1024);
  return SHOAL_OK;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
