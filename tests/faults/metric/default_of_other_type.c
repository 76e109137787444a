/* The default of its integer is a text. manifest.h, options: type and default of one option. */
#include "../sound.h"

SHOAL_MANIFEST(
    "{" SOUND_IDENTITY("metric") ", \"series\": " SOUND_SERIES ", \"options\": " SOUND_OPTIONS_AND(
        ", \"depth\": {\"type\": \"integer\", \"default\": \"ten\"}") "}");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, sound_collect)
