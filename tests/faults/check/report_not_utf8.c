/* Reports half of a character. types.h, shoal_text: UTF-8 bytes. */
#include "../sound.h"

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  const shoal_check_report report = sound_report(SHOAL_CHECK_OK, "20 \xC2");
  return self->host->report(self->context, call, &report);
}

SOUND_MANIFEST("check", "");
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, check)
