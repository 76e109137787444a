/* Declares what goes down as a counter. plugin.h, SHOAL_COUNTER: only grows. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_series series = sound_series("sound.value", SHOAL_COUNTER, "float");
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

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  return sound_emit(self, call, 1e6 - (double)self->rounds++);
}

SHOAL_MANIFEST(
    "{" SOUND_IDENTITY("metric") ", \"options\": " SOUND_OPTIONS
                                 ", \"series\": [{\"name\": \"sound.value\", \"kind\": \"counter\","
                                 " \"unit\": \"float\"}]}");
SOUND_METRIC(create, NULL, NULL, sound_destroy, collect)
