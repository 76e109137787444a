/* Reports a status of 4, which Nagios would call dependent. plugin.h, shoal_check_report:
 * SHOAL_CHECK_OK to SHOAL_CHECK_UNKNOWN. */
#include "../sound.h"

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  const shoal_check_report report = sound_report(4, "depends on another");
  return self->host->report(self->context, call, &report);
}

SOUND_MANIFEST("check", "");
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, check)
