/* Sets a flag in its table of metrics. plugin.h, shoal_metric: flags is 0. */
#include "../sound.h"

static const shoal_metric metric = {sizeof(shoal_metric), 4, sound_collect};

SOUND_MANIFEST("metric", "");
SOUND_MODULE(sound_create, NULL, NULL, sound_destroy, &metric, NULL, NULL)
