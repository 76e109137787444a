/* Keeps a pointer to the options' JSON and looks at it in each round. plugin.h, shoal_create:
 * borrowed, but for host and context. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_status status = sound_create(given, made);
  if (status == SHOAL_OK) (*made)->own = (void*)given->options_json.data;
  return status;
}

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  if (*(const char*)self->own != '{') {
    return sound_fail(self, SHOAL_BUG, "options: expected an object");
  }
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, sound_destroy, collect)
