/* Counts handles itself, from 0, and looks at none that it is given. plugin.h, declare: stores its
 * handle. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_status status = sound_create(given, made);
  if (status == SHOAL_OK) (*made)->series = 0;
  return status;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
