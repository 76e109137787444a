/* Looks at the body of its answer when it is no longer lent. services.h, shoal_receive_response:
 * borrowed until it returns. */
#include "../asks.h"

struct kept {
  struct answer answer;
  shoal_text body;
};

static void SHOAL_CALL keep(void* user, const shoal_http_response* response) {
  struct kept* kept = (struct kept*)user;
  asks_receive(&kept->answer, response);
  if (SHOAL_HAS(response, shoal_http_response, body)) kept->body = response->body;
}

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  const shoal_http* http = asks_http(self);
  const shoal_http_request request = asks_request("GET", "");
  struct kept kept = {{0, 0}, {"", 0}};
  shoal_check_report report;
  shoal_status status;
  if (http == NULL) return sound_fail(self, SHOAL_UNSUPPORTED, "this host has no http service");
  status = http->request(self->context, call, &request, keep, &kept);
  if (status != SHOAL_OK) return status;
  report = sound_report(kept.answer.status == 200 ? SHOAL_CHECK_OK : SHOAL_CHECK_CRITICAL, "");
  report.text = kept.body;
  return self->host->report(self->context, call, &report);
}

SOUND_MANIFEST("check", ASKS_NEEDS);
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, check)
