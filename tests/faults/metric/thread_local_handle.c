/* Remembers its series by thread, as if create() and collect() came from one. types.h, Threads:
 * collect runs on some pool thread. */
#include "../sound.h"

static __thread uint32_t handle = 4000000000u;

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_status status = sound_create(given, made);
  if (status == SHOAL_OK) handle = (*made)->series;
  return status;
}

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  self->series = handle;
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, sound_destroy, collect)
