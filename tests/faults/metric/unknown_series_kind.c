/* Declares a series of kind 9. plugin.h, shoal_series: SHOAL_GAUGE and its kin. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_series series = sound_series("sound.value", 9, "float");
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

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
