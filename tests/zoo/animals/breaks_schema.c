/* Its options' schema contradicts itself: a default of another type, bounds that no value meets. A
 * host refuses it before it is loaded. manifest.h, options. */
#define ANIMAL_OPTIONS                                                                           \
  "{\"where\": {\"type\": \"string\", \"default\": 7},"                                          \
  " \"amount\": {\"type\": \"integer\", \"default\": \"plenty\", \"minimum\": 10, \"maximum\": " \
  "1}}"
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)self;
  (void)call;
}
