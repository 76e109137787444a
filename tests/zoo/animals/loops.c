/* Computes for ever and looks at nothing. types.h, shoal_call: the deadline is when nobody waits
 * any more, and cancel is to be polled in loops. */
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  volatile uint64_t turns = 0;
  (void)self;
  (void)call;
  for (;;) ++turns;
}
