/* A check whose manifest says metric. plugin.h, shoal_plugin: the kind that is set is the
 * manifest's. */
#include "../sound.h"

SOUND_MANIFEST("metric", "");
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, sound_check)
