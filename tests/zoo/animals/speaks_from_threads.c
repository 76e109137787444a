/* Eight threads of its own call every host function at once with the round's call, and go on for
 * `amount` milliseconds after the round has ended. types.h, Memory: a call is borrowed; plugin.h:
 * emit() is valid during the round. */
#define ANIMAL_AMOUNT "50"
#include <pthread.h>
#include <unistd.h>

#include "../animal.h"

struct speech {
  shoal_instance speaker; /* a copy: the instance may be gone */
  const shoal_call* call;
};

static void* speak(void* given) {
  struct speech* speech = (struct speech*)given;
  const shoal_instance* self = &speech->speaker;
  const shoal_point point = {self->series, 0, 0, 1};
  for (int64_t i = 0; i < self->amount; ++i) {
    self->host->log(self->context, SHOAL_LOG_DEBUG, animal_text("all at once"));
    self->host->explain(self->context, animal_text("all at once"));
    self->host->emit(self->context, speech->call, &point, 1);
    usleep(1000);
  }
  free(speech);
  return NULL;
}

static void misbehave(shoal_instance* self, const shoal_call* call) {
  for (int i = 0; i < 8; ++i) {
    struct speech* speech = (struct speech*)malloc(sizeof *speech);
    pthread_t thread;
    if (speech == NULL) return;
    speech->speaker = *self;
    speech->call = call;
    if (pthread_create(&thread, NULL, speak, speech) == 0) pthread_detach(thread);
  }
}
