/* Leaves the size of its series zero. types.h, Growth: whoever fills a struct writes its size. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  shoal_series series = sound_series("sound.value", SHOAL_GAUGE, "float");
  shoal_instance* self = NULL;
  shoal_status status = sound_create_bare(given, &self);
  if (status != SHOAL_OK) return status;
  series.size = 0;
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
