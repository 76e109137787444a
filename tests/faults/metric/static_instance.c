/* Keeps host, context and series in one global, as if it were configured once. plugin.h: a plugin
 * may be configured many times, so it keeps no writable globals. */
#include "../sound.h"

static shoal_instance the_one;

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  shoal_instance* self = NULL;
  const shoal_status status = sound_create(given, &self);
  if (status != SHOAL_OK) return status;
  free(the_one.path);
  the_one = *self;
  free(self);
  *made = &the_one;
  return SHOAL_OK;
}

static void destroy(shoal_instance* self) {
  free(self->path);
  self->path = NULL;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, destroy, sound_collect)
