/* Recurses until the stack ends. "It does not die" (signal 11), on a stack that has no room for a
 * handler. */
#include "../animal.h"

static volatile int64_t deep_enough = INT64_MAX;

static __attribute__((noinline)) int64_t descend(int64_t depth) {
  volatile char room[4096];
  room[0] = (char)depth;
  if (depth >= deep_enough) return room[0];
  return descend(depth + 1) + room[0];
}

static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)call;
  self->made = descend(0);
}
