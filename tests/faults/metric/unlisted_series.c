/* Emits a series that its manifest does not name. manifest.h, series. */
#include "../sound.h"

SHOAL_MANIFEST("{" SOUND_IDENTITY(
    "metric") ", \"options\": " SOUND_OPTIONS
              ", \"series\": [{\"name\": \"sound.other\", \"kind\": \"gauge\"}]}");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, sound_collect)
