/* Dies in a static initialiser, before the host has called anything. plugin.h: the module's
 * function is the first that runs, and it only returns a table (signal 11). */
#include "../animal.h"

namespace {

int read_nothing() {
  volatile int* volatile nowhere = nullptr;
  return *nowhere;
}
const int unlucky = read_nothing();

}  // namespace

static void misbehave(shoal_instance* self, const shoal_call*) {
  self->made = unlucky;
}
