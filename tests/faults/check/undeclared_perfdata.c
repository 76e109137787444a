/* Adds a point of a series that it never declared. plugin.h, shoal_check_report: points of declared
 * series. */
#include "../sound.h"

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  const shoal_point point = {self->series + 1000, 0, 0, 1};
  shoal_check_report report = sound_report(SHOAL_CHECK_OK, "all is well");
  report.points.data = &point;
  report.points.count = 1;
  return self->host->report(self->context, call, &report);
}

SOUND_MANIFEST("check", "");
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, check)
