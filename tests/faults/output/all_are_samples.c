/* Takes each record for a sample. records.h, shoal_record: kind names the one pointer that is set.
 */
#include "../sound.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  const uint32_t count = sound_count(batch);
  for (uint32_t i = 0; i < count; ++i) self->rounds += sound_record(batch, i)->sample->name.size;
  return sound_deliver(self, call, batch, delivery);
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
