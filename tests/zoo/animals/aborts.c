/* Calls abort(). types.h, Failure: a status goes back; a plugin does not end its host. */
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)self;
  (void)call;
  abort();
}
