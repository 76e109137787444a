/* Calls exit() with `amount` as code. types.h, Failure: a status goes back; a plugin does not end
 * its host, and a zero is no success. */
#define ANIMAL_AMOUNT "3"
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)call;
  exit((int)self->amount);
}
