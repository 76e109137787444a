/* Emits `amount` points in a round and goes on when told that it is full. plugin.h, emit: 100,000
 * points a round. */
#define ANIMAL_AMOUNT "1000000"
#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  shoal_point points[1000];
  for (size_t i = 0; i < 1000; ++i) {
    const shoal_point point = {self->series, 0, 0, (double)i};
    points[i] = point;
  }
  for (int64_t sent = 0; sent < self->amount; sent += 1000) {
    self->host->emit(self->context, call, points, 1000);
  }
}
