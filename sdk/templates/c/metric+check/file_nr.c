#include "file_nr.h"

#include <errno.h>
#include <stdio.h>

int parse_file_nr(const char* text, struct file_nr* found) {
  return sscanf(text, "%lf %*f %lf", &found->open, &found->most) == 2 ? 0 : -1;
}

int read_file_nr(const char* path, struct file_nr* found) {
  char text[100] = "";
  FILE* file = fopen(path, "re");
  if (file == NULL) return -1;
  (void)!fread(text, 1, sizeof text - 1, file);
  fclose(file);
  errno = EINVAL;
  return parse_file_nr(text, found);
}
