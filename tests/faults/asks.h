/* What a sound plugin does that needs shoal.http/1: one question, and as much of the answer as
 * counts. Thread rule: as shoal/types.h. */
#ifndef FAULTS_ASKS_H
#define FAULTS_ASKS_H

#include "sound.h"

#define ASKS_NEEDS ", \"needs\": [\"shoal.http/1\"]"

struct answer {
  int32_t status;
  uint32_t retry_after_ms;
};

static inline const shoal_http* asks_http(const shoal_instance* self) {
  const shoal_http* http = (const shoal_http*)self->host->service(self->host, SHOAL_SERVICE_HTTP);
  return http != NULL && SHOAL_HAS(http, shoal_http, request) ? http : NULL;
}

static inline shoal_http_request asks_request(const char* method, const char* body) {
  shoal_http_request request;
  const shoal_text empty = {"", 0};
  memset(&request, 0, sizeof request);
  request.size = sizeof request;
  request.method = sound_text(method);
  request.url = sound_text("http://127.0.0.1/shoal");
  request.headers.stride = sizeof(shoal_label);
  request.body = sound_text(body);
  request.proxy = empty;
  request.ca_file = empty;
  return request;
}

static inline void SHOAL_CALL asks_receive(void* user, const shoal_http_response* response) {
  struct answer* answer = (struct answer*)user;
  if (SHOAL_HAS(response, shoal_http_response, status)) answer->status = response->status;
  if (SHOAL_HAS(response, shoal_http_response, retry_after_ms)) {
    answer->retry_after_ms = response->retry_after_ms;
  }
}

static inline shoal_status asks_send(shoal_instance* self, const shoal_call* call,
                                     const shoal_http_request* request, struct answer* answer) {
  const shoal_http* http = asks_http(self);
  memset(answer, 0, sizeof *answer);
  if (http == NULL) return sound_fail(self, SHOAL_UNSUPPORTED, "this host has no http service");
  return http->request(self->context, call, request, asks_receive, answer);
}

/* ---- a sound check ---- */

static inline shoal_status asks_report(shoal_instance* self, const shoal_call* call,
                                       const struct answer* answer) {
  char words[40];
  shoal_check_report report;
  snprintf(words, sizeof words, "HTTP %d", (int)answer->status);
  report = sound_report(answer->status == 200 ? SHOAL_CHECK_OK : SHOAL_CHECK_CRITICAL, words);
  return self->host->report(self->context, call, &report);
}

static inline shoal_status asks_check(shoal_instance* self, const shoal_call* call) {
  const shoal_http_request request = asks_request("GET", "");
  struct answer answer;
  const shoal_status status = asks_send(self, call, &request, &answer);
  return status == SHOAL_OK ? asks_report(self, call, &answer) : status;
}

/* ---- a sound output ---- */

/* What the receiver's answer means for the whole batch. */
static inline shoal_status asks_judge(shoal_instance* self, const struct answer* answer,
                                      const shoal_batch* batch, shoal_delivery* delivery) {
  if (answer->status >= 200 && answer->status < 300) {
    sound_judge_all(batch, delivery, SHOAL_VERDICT_DELIVERED);
    return SHOAL_OK;
  }
  if (answer->status == 401 || answer->status == 403) {
    return sound_fail(self, SHOAL_AUTH, "the receiver refuses our credentials");
  }
  if (answer->status == 429 || answer->status >= 500 || answer->status < 400) {
    if (SHOAL_HAS(delivery, shoal_delivery, retry_after_ms)) {
      delivery->retry_after_ms = answer->retry_after_ms;
    }
    return sound_fail(self, SHOAL_RETRY, "the receiver asks for patience");
  }
  return sound_fail(self, SHOAL_REJECTED, "the receiver refuses the batch");
}

static inline shoal_status asks_deliver(shoal_instance* self, const shoal_call* call,
                                        const shoal_batch* batch, shoal_delivery* delivery) {
  const shoal_http_request request = asks_request("POST", "[]");
  struct answer answer;
  shoal_status status;
  if (sound_count(batch) == 0) return SHOAL_OK;
  status = asks_send(self, call, &request, &answer);
  return status == SHOAL_OK ? asks_judge(self, &answer, batch, delivery) : status;
}

#endif
