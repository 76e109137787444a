/* Copies an option of whatever length into 64 bytes. types.h, shoal_text: its length is its size.
 */
#include "../sound.h"

struct own {
  char name[64];
  shoal_status (*judge)(shoal_instance* self); /* what lies behind the buffer */
};

static shoal_status approve(shoal_instance* self) {
  (void)self;
  return SHOAL_OK;
}

static void copy_name(char* to, shoal_text from) {
  volatile char* bytes = to;
  for (size_t i = 0; i < from.size; ++i) bytes[i] = from.data[i];
}

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  struct own own = {"", approve};
  shoal_text name = {"", 0};
  shoal_instance* self = NULL;
  shoal_status status = sound_create(given, &self);
  if (status != SHOAL_OK) return status;
  const shoal_options* options =
      (const shoal_options*)self->host->service(self->host, SHOAL_SERVICE_OPTIONS);
  if (options->text(self->context, "/name", &name) == SHOAL_OK) copy_name(own.name, name);
  status = own.judge(self);
  if (status != SHOAL_OK) {
    sound_destroy(self);
    return status;
  }
  *made = self;
  return SHOAL_OK;
}

SHOAL_MANIFEST(
    "{" SOUND_IDENTITY("metric") ", \"series\": " SOUND_SERIES ", \"options\": " SOUND_OPTIONS_AND(
        ", \"name\": {\"type\": \"string\", \"default\": \"load\"}") "}");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
