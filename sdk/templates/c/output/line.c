#include "line.h"

#include <inttypes.h>

int write_line(FILE* file, const shoal_sample* sample) {
  const int written = fprintf(file, "%.*s %.17g %" PRId64 "\n", (int)sample->name.size,
                              sample->name.data, sample->value, sample->time_ns / 1000000000);
  return written < 0 ? -1 : 0;
}
