/* Refuses a name without a word. types.h, Failure: a status goes back, the reason goes to
 * explain(). */
#include "../sound.h"

static int is_plain(shoal_text name) {
  for (size_t i = 0; i < name.size; ++i) {
    if (name.data[i] < 'a' || name.data[i] > 'z') return 0;
  }
  return name.size > 0 && name.size < 30;
}

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  shoal_text name = {"load", 4};
  shoal_instance* self = NULL;
  const shoal_status status = sound_create(given, &self);
  if (status != SHOAL_OK) return status;
  const shoal_options* options =
      (const shoal_options*)self->host->service(self->host, SHOAL_SERVICE_OPTIONS);
  options->text(self->context, "/name", &name);
  if (!is_plain(name)) {
    sound_destroy(self);
    return SHOAL_CONFIG;
  }
  *made = self;
  return SHOAL_OK;
}

SHOAL_MANIFEST(
    "{" SOUND_IDENTITY("metric") ", \"series\": " SOUND_SERIES ", \"options\": " SOUND_OPTIONS_AND(
        ", \"name\": {\"type\": \"string\", \"default\": \"load\"}") "}");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
