/* Uses shoal.http/1 unseen and does not name it as a need. services.h: a plugin that cannot do
 * without one names it in its manifest; shoal_host.service: NULL if this host has none. */
#include "../asks.h"

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  const shoal_http* http = (const shoal_http*)self->host->service(self->host, SHOAL_SERVICE_HTTP);
  const shoal_http_request request = asks_request("GET", "");
  struct answer answer = {0, 0};
  const shoal_status status = http->request(self->context, call, &request, asks_receive, &answer);
  return status == SHOAL_OK ? asks_report(self, call, &answer) : status;
}

SOUND_MANIFEST("check", "");
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, check)
