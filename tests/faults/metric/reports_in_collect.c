/* A metric that gives a verdict too. plugin.h, report: valid during check(). */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  const shoal_check_report report = sound_report(SHOAL_CHECK_OK, "all is well");
  self->host->report(self->context, call, &report);
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
