/* Keeps for later what it does not know. records.h, shoal_record: for a kind you do not know, say
 * delivered. */
#include "../sound.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  const uint32_t count = sound_count(batch);
  const shoal_status status = sound_deliver(self, call, batch, delivery);
  for (uint32_t i = 0; i < count && status == SHOAL_OK; ++i) {
    if (sound_record(batch, i)->kind > SHOAL_RECORD_GRAPH_DEFINITION) {
      delivery->verdicts[i] = SHOAL_VERDICT_RETRY;
    }
  }
  return status;
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
