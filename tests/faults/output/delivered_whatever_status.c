/* Takes an answer for a receipt, be it a 503. services.h, request: SHOAL_OK whatever the HTTP
 * status; plugin.h, SHOAL_VERDICT_DELIVERED: the receiver has it. */
#include "../asks.h"

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  const shoal_http_request request = asks_request("POST", "[]");
  struct answer answer;
  shoal_status status;
  if (sound_count(batch) == 0) return SHOAL_OK;
  status = asks_send(self, call, &request, &answer);
  if (status == SHOAL_OK) sound_judge_all(batch, delivery, SHOAL_VERDICT_DELIVERED);
  return status;
}

SOUND_OUTPUT_MANIFEST(ASKS_NEEDS);
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, deliver)
