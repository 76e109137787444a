/* Wants its next batch at 60, in a minute as it believes. plugin.h, shoal_delivery: next_offer_ns
 * is Unix time in nanoseconds. */
#include "../sound.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  if (SHOAL_HAS(delivery, shoal_delivery, next_offer_ns)) delivery->next_offer_ns = 60;
  return sound_deliver(self, call, batch, delivery);
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
