/* Walks the samples of a check result as an array of those it knows. types.h, shoal_array: the
 * element may be larger, index with SHOAL_AT. */
#include "../sound.h"

static uint64_t count_bytes(const shoal_check_result* result) {
  const shoal_sample* samples = (const shoal_sample*)result->samples.data;
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < result->samples.count; ++i) {
    for (size_t at = 0; at < samples[i].name.size; ++at) bytes += samples[i].name.data[at] != 0;
  }
  return bytes;
}

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  const uint32_t count = sound_count(batch);
  for (uint32_t i = 0; i < count; ++i) {
    const shoal_record* record = sound_record(batch, i);
    if (!SHOAL_HAS(record, shoal_record, check_result) ||
        record->kind != SHOAL_RECORD_CHECK_RESULT ||
        !SHOAL_HAS(record->check_result, shoal_check_result, samples)) {
      continue;
    }
    self->rounds += count_bytes(record->check_result);
  }
  return sound_deliver(self, call, batch, delivery);
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
