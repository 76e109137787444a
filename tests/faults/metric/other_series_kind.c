/* Its manifest calls a counter of bytes what it declares as a gauge of floats. manifest.h, series:
 * name, kind and unit. */
#include "../sound.h"

SHOAL_MANIFEST(
    "{" SOUND_IDENTITY("metric") ", \"options\": " SOUND_OPTIONS
                                 ", \"series\": [{\"name\": \"sound.value\", \"kind\": \"counter\","
                                 " \"unit\": \"bytes\"}]}");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, sound_collect)
