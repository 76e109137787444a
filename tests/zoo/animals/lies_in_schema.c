/* Its manifest describes another plugin: options of other types than it reads, and series of
 * another name, kind and unit than it emits. manifest.h: it is the only statement of a plugin's
 * options, and of what it emits. */
#define ANIMAL_OPTIONS                                                \
  "{\"where\": {\"type\": \"integer\", \"default\": 7},"              \
  " \"after_rounds\": {\"type\": \"string\", \"default\": \"many\"}," \
  " \"amount\": {\"type\": \"array\", \"default\": []}}"
#define ANIMAL_SERIES \
  "[{\"name\": \"somebody.else\", \"kind\": \"counter\", \"unit\": \"bytes/sec\"}]"
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  const shoal_point unlisted = {self->series, 0, 0, -1};
  self->host->emit(self->context, call, &unlisted, 1);
}
