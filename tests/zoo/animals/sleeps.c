/* Sleeps for ever. types.h, shoal_call: cancel is to be polled before each wait. */
#include <unistd.h>

#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)self;
  (void)call;
  for (;;) sleep(3600);
}
