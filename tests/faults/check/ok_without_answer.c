/* Gets no answer and says that all is well. plugin.h, shoal_check: a check that cannot judge is
 * never OK. */
#include "../asks.h"

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  const shoal_http_request request = asks_request("GET", "");
  struct answer answer;
  if (asks_send(self, call, &request, &answer) != SHOAL_OK) answer.status = 200;
  return asks_report(self, call, &answer);
}

SOUND_MANIFEST("check", ASKS_NEEDS);
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, check)
