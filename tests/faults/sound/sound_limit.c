/* Breaks no rule: a check that holds a number against a limit. */
#include "../sound.h"

SOUND_MANIFEST("check", "");
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, sound_check)
