/* Says delivered when nobody answered. plugin.h, SHOAL_VERDICT_DELIVERED: the receiver has it;
 * services.h, request: SHOAL_RETRY, no answer. */
#include "../asks.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  const shoal_http_request request = asks_request("POST", "[]");
  struct answer answer;
  if (sound_count(batch) == 0) return SHOAL_OK;
  if (asks_send(self, call, &request, &answer) != SHOAL_OK) answer.status = 200;
  return asks_judge(self, &answer, batch, delivery);
}

SOUND_OUTPUT_MANIFEST(ASKS_NEEDS);
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
