/* Says that its table ends before the metric. types.h, Growth: size is that of the struct it was
 * compiled with. */
#include "../sound.h"

static const shoal_metric metric = {sizeof(shoal_metric), 0, sound_collect};
static const shoal_plugin plugin = {offsetof(shoal_plugin, metric),
                                    0,
                                    sound_create,
                                    NULL,
                                    NULL,
                                    sound_destroy,
                                    &metric,
                                    NULL,
                                    NULL};
static const shoal_module module = {sizeof(shoal_module), SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR, 0,
                                    &plugin};

SOUND_MANIFEST("metric", "");

const shoal_module* shoal_module_v1(void) {
  return &module;
}
