/* Tries the parts on recorded data. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "line.h"

static shoal_sample sample(shoal_text name, double value, int64_t seconds) {
  shoal_sample made = {.size = sizeof made, .name = name, .value = value};
  made.time_ns = seconds * 1000000000;
  return made;
}

int main(void) {
  const shoal_sample first = sample(SHOAL_TEXT("cpu.user.percentage"), 12.5, 1767366000);
  const shoal_sample second = sample(SHOAL_TEXT("loadavg1"), 0.25, 1767366060);
  char recorded[200] = "";
  char written[200] = "";
  FILE* expected = fopen("testdata/lines.txt", "r");
  FILE* file = fmemopen(written, sizeof written, "w");
  assert(expected != NULL && file != NULL);

  assert(write_line(file, &first) == 0 && write_line(file, &second) == 0);

  fclose(file);
  assert(fread(recorded, 1, sizeof recorded - 1, expected) > 0);
  fclose(expected);
  assert(strcmp(written, recorded) == 0);
  return 0;
}
