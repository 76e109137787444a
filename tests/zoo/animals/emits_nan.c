/* Emits NaN and both infinities. types.h, shoal_point: a value is finite. */
#include <math.h>

#include "../animal.h"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  const shoal_point points[] = {
      {self->series, 0, 0, NAN}, {self->series, 0, 0, INFINITY}, {self->series, 0, 0, -INFINITY}};
  self->host->emit(self->context, call, points, 3);
}
