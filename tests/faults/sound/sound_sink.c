/* Breaks no rule: an output that takes everything. */
#include "../sound.h"

SOUND_OUTPUT_MANIFEST("");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, sound_deliver)
