/* Throws when its number is odd, and nobody catches it. types.h, Failure: nothing unwinds across
 * the border. */
#include <stdexcept>

#include "../sound.h"

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  if (self->rounds++ % 2 == 1) throw std::runtime_error("expected an even round");
  return sound_check(self, call);
}

SOUND_MANIFEST("check", "");
SOUND_CHECK(sound_create, nullptr, nullptr, sound_destroy, check)
