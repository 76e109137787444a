/* Breaks no rule: a metric whose own thread logs and declares from start() to stop(), and is gone
 * before the instance is. */
#include <pthread.h>
#include <unistd.h>

#include "../sound.h"

struct watch {
  pthread_t thread;
  const shoal_instance* self;
  uint32_t is_over;
};

static void* watch(void* given) {
  struct watch* own = (struct watch*)given;
  while (__atomic_load_n(&own->is_over, __ATOMIC_RELAXED) == 0) {
    own->self->host->log(own->self->context, SHOAL_LOG_DEBUG, sound_text("watching"));
    usleep(5 * 1000);
  }
  return NULL;
}

static shoal_status start(shoal_instance* self, const shoal_call* call) {
  struct watch* own = (struct watch*)calloc(1, sizeof *own);
  (void)call;
  if (self->own != NULL || own == NULL) {
    free(own);
    return self->own != NULL ? SHOAL_OK : sound_fail(self, SHOAL_RETRY, "out of memory");
  }
  own->self = self;
  if (pthread_create(&own->thread, NULL, watch, own) != 0) {
    free(own);
    return sound_fail(self, SHOAL_RETRY, "cannot start a thread");
  }
  self->own = own;
  return SHOAL_OK;
}

static void end_watch(shoal_instance* self) {
  struct watch* own = (struct watch*)self->own;
  if (own == NULL) return;
  __atomic_store_n(&own->is_over, 1, __ATOMIC_RELAXED);
  pthread_join(own->thread, NULL);
  free(own);
  self->own = NULL;
}

static shoal_status stop(shoal_instance* self, const shoal_call* call) {
  (void)call;
  end_watch(self);
  return SHOAL_OK;
}

static void destroy(shoal_instance* self) {
  end_watch(self);
  sound_destroy(self);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, start, stop, destroy, sound_collect)
