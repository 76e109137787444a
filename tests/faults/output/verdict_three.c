/* Gives a verdict of 3. plugin.h, SHOAL_VERDICT_: 0 to 2. */
#include "../sound.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  (void)self;
  (void)call;
  sound_judge_all(batch, delivery, 3);
  return SHOAL_OK;
}

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
