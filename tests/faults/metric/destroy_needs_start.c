/* Closes in destroy() what only start() opens. plugin.h, destroy: frees the instance, cannot fail;
 * start() may have failed or never come. */
#include "../sound.h"

static shoal_status start(shoal_instance* self, const shoal_call* call) {
  (void)call;
  if (self->own == NULL) self->own = fopen(self->path, "re");
  return self->own != NULL ? SHOAL_OK : sound_fail(self, SHOAL_RETRY, "path: cannot open it");
}

static void destroy(shoal_instance* self) {
  fclose((FILE*)self->own);
  sound_destroy(self);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, start, NULL, destroy, sound_collect)
