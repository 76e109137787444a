/* Its module says another minor than its manifest. plugin.h, shoal_module: those of the SDK it was
 * built with; manifest.h, abi: the same. */
#include "../sound.h"

static const shoal_metric metric = {sizeof(shoal_metric), 0, sound_collect};
static const shoal_plugin plugin = {sizeof(shoal_plugin), 0,       sound_create, NULL, NULL,
                                    sound_destroy,        &metric, NULL,         NULL};
static const shoal_module module = {sizeof(shoal_module), SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR + 8, 0,
                                    &plugin};

SOUND_MANIFEST("metric", "");

const shoal_module* shoal_module_v1(void) {
  return &module;
}
