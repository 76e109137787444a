/* Exports a function of its own beside the module's. plugin.h, shoal_module_v1: the only exported
 * symbol. The build leaves out the version script. */
#include "../sound.h"

SHOAL_EXPORT int sound_version(void);
SHOAL_EXPORT int sound_version(void) {
  return 3;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, sound_collect)
