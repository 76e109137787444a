/* A thread of its own goes on logging, declaring and emitting after the call that started it, after
 * stop() and after destroy(): `amount` times, a millisecond apart. types.h: [any] ends with
 * destroy(); plugin.h: emit() is valid during a round. */
#define ANIMAL_AMOUNT "2000"
#include <pthread.h>
#include <unistd.h>

#include "../animal.h"

/* A copy: the instance will be gone. */
static void* speak(void* copy) {
  shoal_instance* self = (shoal_instance*)copy;
  const uint32_t cancel = 0;
  const shoal_call call = {sizeof call, 1, 0, INT64_MAX, &cancel};
  const shoal_point point = {self->series, 0, 0, 1};
  for (int64_t i = 0; i < self->amount; ++i) {
    self->host->log(self->context, SHOAL_LOG_INFO, animal_text("still here"));
    self->host->emit(self->context, &call, &point, 1);
    usleep(1000);
  }
  free(self);
  return NULL;
}

static void misbehave(shoal_instance* self, const shoal_call* call) {
  shoal_instance* copy = (shoal_instance*)malloc(sizeof *copy);
  pthread_t thread;
  (void)call;
  if (copy == NULL) return;
  *copy = *self;
  if (pthread_create(&thread, NULL, speak, copy) == 0) pthread_detach(thread);
}
