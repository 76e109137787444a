/* Opens `amount` files a round, 4,096 at most, and closes none. plugin.h, destroy: an instance
 * frees what it took. */
#define ANIMAL_AMOUNT "128"
#include <fcntl.h>

#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)call;
  for (int64_t i = 0; i < self->amount && self->made < 4096; ++i, ++self->made) {
    if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) {
      animal_fail(self, "open /dev/null: too many open files");
      return;
    }
  }
}
