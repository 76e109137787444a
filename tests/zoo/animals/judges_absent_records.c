/* Gives verdicts for `amount` records beyond those it was offered. plugin.h, shoal_delivery: one
 * verdict per record. */
#define ANIMAL_AMOUNT "65536"
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  volatile uint8_t* const verdicts = self->delivery->verdicts;
  (void)call;
  for (int64_t i = 0; i < self->amount; ++i) {
    verdicts[self->batch->records.count + (uint64_t)i] = SHOAL_VERDICT_DELIVERED;
  }
}
