/* Writes through a null pointer. "It does not die" (signal 11): any call of plugin.h may meet this,
 * and none may take the host along. */
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  volatile int* volatile nowhere = NULL;
  (void)self;
  (void)call;
  *nowhere = 1;
}
