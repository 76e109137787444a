/* A metric that has a table of checks too. plugin.h, shoal_plugin: exactly one is set. */
#include "../sound.h"

static const shoal_metric metric = {sizeof(shoal_metric), 0, sound_collect};
static const shoal_check check = {sizeof(shoal_check), 0, sound_check};

SOUND_MANIFEST("metric", "");
SOUND_MODULE(sound_create, NULL, NULL, sound_destroy, &metric, &check, NULL)
