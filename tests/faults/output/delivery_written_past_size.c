/* Writes next_offer_ns whatever the size of the delivery. types.h, Growth: a member is there only
 * if size reaches that far. */
#include "../sound.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  delivery->next_offer_ns = 0;
  return sound_deliver(self, call, batch, delivery);
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
