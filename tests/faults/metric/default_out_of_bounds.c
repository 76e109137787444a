/* The default of its limit is below the least. manifest.h, options: default and minimum of one
 * option. */
#include "../sound.h"

SHOAL_MANIFEST("{" SOUND_IDENTITY(
    "metric") ", \"series\": " SOUND_SERIES
              ", \"options\": {\"path\": {\"type\": \"string\", \"default\": \"/proc/loadavg\"},"
              " \"limit\": {\"type\": \"integer\", \"minimum\": 10, \"default\": 1}}}");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, sound_collect)
