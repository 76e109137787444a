/* Writes "custom." in front of its name. plugin.h, shoal_series: no "custom." in front. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_series series = sound_series("custom.sound.value", SHOAL_GAUGE, "float");
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

SHOAL_MANIFEST("{" SOUND_IDENTITY(
    "metric") ", \"options\": " SOUND_OPTIONS
              ", \"series\": [{\"name\": \"custom.sound.value\", \"kind\": \"gauge\"}]}");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
