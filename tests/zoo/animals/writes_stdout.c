/* Prints `amount` lines to standard output and standard error, which are the host's. plugin.h,
 * shoal_host.log: what a plugin has to say goes there. */
#define ANIMAL_AMOUNT "10"
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)call;
  for (int64_t i = 0; i < self->amount; ++i) {
    printf("zoo: a line on stdout\n");
    fprintf(stderr, "zoo: a line on stderr\n");
  }
  fflush(stdout);
}
