/* Breaks no rule: an output that posts, and hands on what the receiver made of it. */
#include "../asks.h"

SOUND_OUTPUT_MANIFEST(ASKS_NEEDS ", \"batch\": {\"max_records\": 100, \"max_bytes\": 100000}");
SOUND_OUTPUT(sound_create_bare, NULL, NULL, sound_destroy, asks_deliver)
