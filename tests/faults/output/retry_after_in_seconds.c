/* Hands on the receiver's wish in seconds. plugin.h, shoal_delivery: retry_after_ms. */
#include "../asks.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  const shoal_status status = asks_deliver(self, call, batch, delivery);
  if (SHOAL_HAS(delivery, shoal_delivery, retry_after_ms)) delivery->retry_after_ms /= 1000;
  return status;
}

SOUND_OUTPUT_MANIFEST(ASKS_NEEDS);
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
