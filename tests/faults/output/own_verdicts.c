/* Puts verdicts of its own in place of the host's. plugin.h, shoal_delivery: the host sets size and
 * verdicts. */
#include "../sound.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  uint8_t* own = (uint8_t*)realloc(self->own, sound_count(batch) + 1);
  (void)call;
  if (own == NULL) return sound_fail(self, SHOAL_RETRY, "out of memory");
  self->own = own;
  delivery->verdicts = own;
  sound_judge_all(batch, delivery, SHOAL_VERDICT_DELIVERED);
  return SHOAL_OK;
}

static void destroy(shoal_instance* self) {
  free(self->own);
  sound_destroy(self);
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, destroy, deliver)
