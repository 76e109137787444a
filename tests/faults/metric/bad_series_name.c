/* Declares a name with a blank and a slash beside its good one, and does not mind the answer.
 * plugin.h, shoal_series: [A-Za-z0-9_.-]. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_series bad = sound_series("sound.load avg/1", SHOAL_GAUGE, "float");
  const shoal_status status = sound_create(given, made);
  uint32_t handle = 0;
  if (status == SHOAL_OK) (*made)->host->declare((*made)->context, &bad, &handle);
  return status;
}

SHOAL_MANIFEST("{" SOUND_IDENTITY(
    "metric") ", \"options\": " SOUND_OPTIONS
              ", \"series\": [{\"name\": \"sound.*\", \"kind\": \"gauge\", \"unit\": \"float\"}]}");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
