/* Goes on with whatever stands in its handle when its series was refused. plugin.h, declare: a
 * handle is stored if it returns SHOAL_OK. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_series series = sound_series("sound.value", SHOAL_GAUGE, "float");
  shoal_instance* self = NULL;
  const shoal_status status = sound_create_bare(given, &self);
  if (status != SHOAL_OK) return status;
  self->series = 0xDEADu;
  self->host->declare(self->context, &series, &self->series);
  *made = self;
  return SHOAL_OK;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
