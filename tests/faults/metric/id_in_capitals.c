/* Calls itself Load-Average. manifest.h, id: [a-z0-9_]+, the name of its file. */
#include "../sound.h"

SHOAL_MANIFEST("{\"id\": \"Load-Average\", \"version\": \"1.0.0\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"metric\"" SOUND_MEMBERS "}");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, sound_collect)
