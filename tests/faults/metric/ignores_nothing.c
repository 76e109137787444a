/* Takes an option without a default for given, and reads what it was not told. services.h,
 * shoal_options: SHOAL_NOTHING if there is none. */
#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  shoal_text label = {NULL, 1};
  const shoal_status status = sound_create(given, made);
  if (status != SHOAL_OK) return status;
  const shoal_instance* self = *made;
  const shoal_options* options =
      (const shoal_options*)self->host->service(self->host, SHOAL_SERVICE_OPTIONS);
  options->text(self->context, "/label", &label);
  (*made)->rounds = *(const volatile char*)label.data == '#';
  return SHOAL_OK;
}

SHOAL_MANIFEST("{" SOUND_IDENTITY("metric") ", \"series\": " SOUND_SERIES
                                            ", \"options\": " SOUND_OPTIONS_AND(
                                                ", \"label\": {\"type\": \"string\"}") "}");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
