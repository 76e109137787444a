/* Puts dashes for dots into the names it is lent. types.h, Memory: what a call passes in is
 * borrowed, and const. */
#include "../sound.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  const uint32_t count = sound_count(batch);
  for (uint32_t i = 0; i < count; ++i) {
    const shoal_sample* sample = sound_sample(sound_record(batch, i));
    for (size_t at = 0; sample != NULL && at < sample->name.size; ++at) {
      if (sample->name.data[at] == '.') ((char*)sample->name.data)[at] = '-';
    }
  }
  return sound_deliver(self, call, batch, delivery);
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
