/* Closes the descriptors 0 to 100, none of which is its own. types.h, Memory: what belongs to one
 * side is not freed on the other. */
#include <unistd.h>

#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)self;
  (void)call;
  for (int fd = 0; fd <= 100; ++fd) close(fd);
}
