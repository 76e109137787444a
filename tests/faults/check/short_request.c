/* Says that its request ends before the URL. types.h, Growth: size is that of the struct it was
 * compiled with. */
#include "../asks.h"

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  shoal_http_request request = asks_request("GET", "");
  struct answer answer;
  shoal_status status;
  request.size = offsetof(shoal_http_request, url);
  status = asks_send(self, call, &request, &answer);
  return status == SHOAL_OK ? asks_report(self, call, &answer) : status;
}

SOUND_MANIFEST("check", ASKS_NEEDS);
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, check)
