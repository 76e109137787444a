/* A comma too many in its manifest. manifest.h: the manifest is JSON. */
#include "../sound.h"

SHOAL_MANIFEST("{" SOUND_IDENTITY("metric") SOUND_MEMBERS ",}");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, sound_collect)
