/* Asks for "limit", which is no JSON pointer, and is content with none. services.h, shoal_options:
 * by JSON pointer, "/uri". */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_status status = sound_create(given, made);
  if (status != SHOAL_OK) return status;
  shoal_instance* self = *made;
  const shoal_options* options =
      (const shoal_options*)self->host->service(self->host, SHOAL_SERVICE_OPTIONS);
  options->integer(self->context, "limit", &self->limit);
  return SHOAL_OK;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
