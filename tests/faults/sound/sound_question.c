/* Breaks no rule: a check that asks over HTTP. */
#include "../asks.h"

SOUND_MANIFEST("check", ASKS_NEEDS);
SOUND_CHECK(sound_create, NULL, NULL, sound_destroy, asks_check)
