/* Says that its report is 64 bytes longer than it is. types.h, Growth: whoever fills a struct
 * writes the size of the one it was compiled with. */
#include "../sound.h"

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  shoal_check_report report = sound_report(SHOAL_CHECK_OK, "all is well");
  report.size += 64;
  return self->host->report(self->context, call, &report);
}

SOUND_MANIFEST("check", "");
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, check)
