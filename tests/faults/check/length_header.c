/* Writes a Content-Length into its request. services.h, shoal_http_request: that is the host's. */
#include "../asks.h"

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  const shoal_label header = {{"Content-Length", 14}, {"0", 1}};
  shoal_http_request request = asks_request("GET", "");
  struct answer answer;
  shoal_status status;
  request.headers.data = &header;
  request.headers.count = 1;
  status = asks_send(self, call, &request, &answer);
  return status == SHOAL_OK ? asks_report(self, call, &answer) : status;
}

SOUND_MANIFEST("check", ASKS_NEEDS);
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, check)
