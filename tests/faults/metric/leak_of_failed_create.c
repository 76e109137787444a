/* Opens a file, then reads its options, and leaves the file open when it refuses them. plugin.h,
 * create: on failure destroy() is not called. */
#include <fcntl.h>
#include <unistd.h>

#include "../sound.h"

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const shoal_status status = sound_create(given, made);
  if (status == SHOAL_OK && fd >= 0) close(fd);
  return status;
}

SOUND_MANIFEST("metric", "");
SOUND_METRIC(create, NULL, NULL, sound_destroy, sound_collect)
