/* Writes far past what it allocated, then goes on allocating. types.h, Memory: each side keeps to
 * its own; what dies of this dies later and elsewhere (signal 6 or 11). */
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  void* const block = malloc(40);
  volatile char* const bytes = (volatile char*)block;
  volatile size_t reach = 64 * 1024;
  (void)self;
  (void)call;
  for (size_t i = 0; i < reach; ++i) bytes[i] = (char)0xA5;
  for (size_t size = 8; size < 200000; size += 24) {
    void* volatile next = malloc(size);
    free(next);
  }
  free(block);
}
