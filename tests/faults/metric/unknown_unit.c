/* Counts in furlongs. plugin.h, shoal_series: the unit is one of ten, or empty. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_series series = sound_series("sound.value", SHOAL_GAUGE, "furlongs");
  shoal_instance* self = NULL;
  shoal_status status = sound_create_bare(given, &self);
  if (status != SHOAL_OK) return status;
  status = self->host->declare(self->context, &series, &self->series);
  if (status != SHOAL_OK) {
    sound_destroy(self);
    return status;
  }
  *made = self;
  return SHOAL_OK;
}

SHOAL_MANIFEST(
    "{" SOUND_IDENTITY("metric") ", \"options\": " SOUND_OPTIONS
                                 ", \"series\": [{\"name\": \"sound.value\", \"kind\": \"gauge\","
                                 " \"unit\": \"furlongs\"}]}");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
