/* Reads the last member of a sample whatever its size. types.h, Growth: a reader looks at a member
 * only if size reaches that far. */
#include "../sound.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  const uint32_t count = sound_count(batch);
  for (uint32_t i = 0; i < count; ++i) {
    const shoal_sample* sample = sound_sample(sound_record(batch, i));
    if (sample != NULL) self->rounds += sample->custom_identifier.data[0] == '#';
  }
  return sound_deliver(self, call, batch, delivery);
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
