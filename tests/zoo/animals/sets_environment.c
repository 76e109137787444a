/* Empties the environment and puts its own values there. plugin.h: a plugin keeps no writable
 * globals, and the process's least of all. */
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)self;
  (void)call;
  clearenv();
  setenv("PATH", "/nowhere", 1);
  setenv("TZ", "Pacific/Kiritimati", 1);
  setenv("LC_ALL", "tlh", 1);
  setenv("HTTP_PROXY", "http://127.0.0.1:9", 1);
}
