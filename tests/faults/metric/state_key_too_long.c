/* Keeps its state under a key of 400 bytes. services.h, shoal_state: keys are 1 to 200 bytes. */
#include "../sound.h"

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  char bytes[400];
  const shoal_text key = {bytes, sizeof bytes};
  const shoal_state* state =
      (const shoal_state*)self->host->service(self->host, SHOAL_SERVICE_STATE);
  memset(bytes, 'k', sizeof bytes);
  if (state != NULL && SHOAL_HAS(state, shoal_state, put)) {
    state->put(self->context, key, sound_text("1"));
  }
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, collect)
