/* Keeps the name of the last sample until the next batch. records.h: all borrowed for the call. */
#include "../sound.h"

static void log_kept(shoal_instance* self) {
  if (self->own != NULL) {
    self->host->log(self->context, SHOAL_LOG_DEBUG, *(const shoal_text*)self->own);
  }
}

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  const uint32_t count = sound_count(batch);
  log_kept(self);
  if (self->own == NULL) self->own = calloc(1, sizeof(shoal_text));
  if (self->own == NULL) return sound_fail(self, SHOAL_RETRY, "out of memory");
  *(shoal_text*)self->own = sound_text("none yet");
  for (uint32_t i = 0; i < count; ++i) {
    const shoal_sample* sample = sound_sample(sound_record(batch, i));
    if (sample != NULL) *(shoal_text*)self->own = sample->name;
  }
  return sound_deliver(self, call, batch, delivery);
}

static void destroy(shoal_instance* self) {
  free(self->own);
  sound_destroy(self);
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, destroy, deliver)
