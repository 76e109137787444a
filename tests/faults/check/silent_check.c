/* Judges and forgets to say it. plugin.h, shoal_check: judge, then report(). */
#include "../sound.h"

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  double value = 0;
  (void)call;
  return sound_read(self, &value);
}

SOUND_MANIFEST("check", "");
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, check)
