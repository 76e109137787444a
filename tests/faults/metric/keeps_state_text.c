/* Keeps a pointer to its state's value beyond the function that was handed it. services.h,
 * shoal_receive_text: borrowed until it returns. */
#include "../sound.h"

static void SHOAL_CALL keep(void* user, shoal_text text) {
  *(shoal_text*)user = text;
}

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  shoal_text last = {"", 0};
  const shoal_state* state =
      (const shoal_state*)self->host->service(self->host, SHOAL_SERVICE_STATE);
  if (state != NULL && SHOAL_HAS(state, shoal_state, put)) {
    state->put(self->context, sound_text("last"), sound_text("a value of some length"));
    state->get(self->context, sound_text("last"), keep, &last);
    self->host->log(self->context, SHOAL_LOG_DEBUG, last);
  }
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
