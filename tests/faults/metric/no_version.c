/* Does not say which version it is. manifest.h, version. */
#include "../sound.h"

SHOAL_MANIFEST("{\"id\": \"no_version\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"metric\"" SOUND_MEMBERS "}");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, sound_collect)
