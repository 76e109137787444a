/* Writes its own idea of the delivery's size. plugin.h, shoal_delivery: the host sets size. */
#include "../sound.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  delivery->size = sizeof *delivery + 8;
  return sound_deliver(self, call, batch, delivery);
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
