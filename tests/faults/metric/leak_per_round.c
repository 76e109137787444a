/* Keeps 64 KiB of each round for ever. types.h, Memory: what is allocated on one side is freed
 * there. */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  char* volatile lost = (char*)malloc(64 * 1024);
  if (lost != NULL) memset(lost, 1, 64 * 1024);
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
