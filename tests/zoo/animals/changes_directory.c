/* Moves the process to another directory and takes all rights from new files. plugin.h: a plugin
 * keeps no writable globals, and the process's least of all. */
#include <unistd.h>

#include <sys/stat.h>

#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)call;
  if (chdir("/proc/self") != 0) animal_explain(self, "cannot change directory");
  umask(0777);
}
