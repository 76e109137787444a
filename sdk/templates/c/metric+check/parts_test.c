/* Tries the parts on recorded data. */
#undef NDEBUG
#include <assert.h>

#include "file_nr.h"

int main(void) {
  struct file_nr found;

  assert(read_file_nr("testdata/file-nr", &found) == 0);
  assert(found.open == 1184);
  assert(found.most == 2466170);

  assert(parse_file_nr("", &found) == -1);
  assert(parse_file_nr("1184 files", &found) == -1);
  return 0;
}
