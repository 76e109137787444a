/* Its thread looks about once a millisecond and logs, also after the instance is gone. types.h,
 * Threads: host functions are for [any] thread, but only until the end of destroy. */
#include <pthread.h>
#include <unistd.h>

#include "../sound.h"

static void* watch(void* given) {
  const shoal_instance self = *(const shoal_instance*)given;
  free(given);
  for (int i = 0; i < 1000; ++i) {
    self.host->log(self.context, SHOAL_LOG_DEBUG, sound_text("watching"));
    usleep(1000);
  }
  return NULL;
}

static shoal_status start(shoal_instance* self, const shoal_call* call) {
  pthread_t thread;
  shoal_instance* copy = (shoal_instance*)malloc(sizeof *copy);
  (void)call;
  if (copy == NULL) return sound_fail(self, SHOAL_FAILED, "out of memory");
  *copy = *self;
  if (pthread_create(&thread, NULL, watch, copy) != 0) {
    free(copy);
    return sound_fail(self, SHOAL_FAILED, "cannot start a thread");
  }
  pthread_detach(thread);
  return SHOAL_OK;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, start, NULL, sound_destroy, sound_collect)
