/* Breaks no rule: a metric of one gauge. */
#include "../sound.h"

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, sound_collect)
