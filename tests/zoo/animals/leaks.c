/* Loses `amount` MiB of touched memory a round, 1 GiB at most, and says so when there is no more.
 * types.h, Memory: what is allocated on one side is freed there. */
#define ANIMAL_AMOUNT "16"
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)call;
  for (int64_t i = 0; i < self->amount && self->made < 1024; ++i, ++self->made) {
    char* volatile lost = (char*)malloc(1 << 20);
    if (lost == NULL) {
      animal_fail(self, "out of memory");
      return;
    }
    memset(lost, 0xA5, 1 << 20);
  }
}
