/* Declares a series of a new name in each round. plugin.h, shoal_series: declared once, then named
 * by its handle. */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  char name[64];
  shoal_series series;
  shoal_status status;
  snprintf(name, sizeof name, "sound.round%llu", (unsigned long long)self->rounds);
  series = sound_series(name, SHOAL_GAUGE, "float");
  status = self->host->declare(self->context, &series, &self->series);
  return status == SHOAL_OK ? sound_collect(self, call) : status;
}

SHOAL_MANIFEST("{" SOUND_IDENTITY(
    "metric") ", \"options\": " SOUND_OPTIONS
              ", \"series\": [{\"name\": \"sound.*\", \"kind\": \"gauge\", \"unit\": \"float\"}]}");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
