/* Starts `amount` threads a round, 256 at most, that never end. plugin.h, destroy: an instance
 * frees what it took. */
#define ANIMAL_AMOUNT "8"
#include <pthread.h>
#include <unistd.h>

#include "../animal.h"

static void* linger(void* nothing) {
  for (;;) pause();
  return nothing;
}

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)call;
  for (int64_t i = 0; i < self->amount && self->made < 256; ++i, ++self->made) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, linger, NULL) != 0) {
      animal_fail(self, "cannot start a thread: too many processes");
      return;
    }
    pthread_detach(thread);
  }
}
