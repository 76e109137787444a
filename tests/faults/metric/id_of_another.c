/* Calls itself by a name that is not its file's. manifest.h, id: the name of its file and folder.
 */
#include "../sound.h"

SHOAL_MANIFEST("{\"id\": \"loadavg\", \"version\": \"1.0.0\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"metric\"" SOUND_MEMBERS "}");
SOUND_METRIC(sound_create, NULL, NULL, sound_destroy, sound_collect)
