/* Walks the records as an array of those it knows. types.h, shoal_array: the element may be larger,
 * index with SHOAL_AT. */
#include "../sound.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  const shoal_record* records = (const shoal_record*)batch->records.data;
  (void)self;
  (void)call;
  for (uint32_t i = 0; i < batch->records.count; ++i) {
    const shoal_sample* sample = sound_sample(&records[i]);
    delivery->verdicts[i] =
        sample != NULL && sample->name.size == 0 ? SHOAL_VERDICT_REJECTED : SHOAL_VERDICT_DELIVERED;
  }
  return SHOAL_OK;
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
