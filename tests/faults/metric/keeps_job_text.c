/* Keeps the job's name as it was given to create() and logs it in each round. plugin.h,
 * shoal_create: borrowed, but for host and context. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_status status = sound_create(given, made);
  if (status != SHOAL_OK) return status;
  shoal_text* job = (shoal_text*)malloc(sizeof *job);
  if (job == NULL) abort();
  *job = given->job;
  (*made)->own = job;
  return SHOAL_OK;
}

static void destroy(shoal_instance* self) {
  free(self->own);
  sound_destroy(self);
}

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  self->host->log(self->context, SHOAL_LOG_DEBUG, *(const shoal_text*)self->own);
  return sound_collect(self, call);
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, destroy, collect)
