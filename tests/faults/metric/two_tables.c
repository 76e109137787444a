/* Makes its table anew each time. plugin.h, shoal_module_v1: the same constant table each time. */
#include "../sound.h"

static const shoal_metric metric = {sizeof(shoal_metric), 0, sound_collect};
static const shoal_plugin plugin = {sizeof(shoal_plugin), 0,       sound_create, NULL, NULL,
                                    sound_destroy,        &metric, NULL,         NULL};

SOUND_MANIFEST("metric", "");

const shoal_module* shoal_module_v1(void) {
  const shoal_module filled = {sizeof filled, SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR, 0, &plugin};
  shoal_module* module = (shoal_module*)malloc(sizeof *module);
  if (module != NULL) *module = filled;
  return module;
}
