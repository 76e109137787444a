/* Frees the options' JSON when it has read its options. types.h, Memory: nothing allocated on one
 * side is freed on the other. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_status status = sound_create(given, made);
  if (status == SHOAL_OK) free((void*)given->options_json.data);
  return status;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
