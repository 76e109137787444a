/* Counts its verdicts from 0 to the number of records. plugin.h, shoal_delivery: one per record. */
#include "../sound.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  const uint32_t count = sound_count(batch);
  (void)self;
  (void)call;
  for (uint32_t i = 0; i <= count; ++i) delivery->verdicts[i] = SHOAL_VERDICT_DELIVERED;
  return SHOAL_OK;
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
