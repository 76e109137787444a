/* Gives a point with no stride. types.h, shoal_array: `count` structs, `stride` bytes apart. */
#include "../sound.h"

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  const shoal_point points[] = {{self->series, 0, 0, 1}, {self->series, 0, 0, 2}};
  shoal_check_report report = sound_report(SHOAL_CHECK_OK, "all is well");
  report.points.data = points;
  report.points.count = 2;
  report.points.stride = 0;
  return self->host->report(self->context, call, &report);
}

SOUND_MANIFEST("check", "");
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, check)
