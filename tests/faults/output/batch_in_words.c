/* Wants a batch of "many" records. manifest.h, batch: numbers. */
#include "../sound.h"

SOUND_OUTPUT_MANIFEST(", \"batch\": {\"max_records\": \"many\"}");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, sound_deliver)
