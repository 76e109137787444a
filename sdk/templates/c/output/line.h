/* A sample as a line of text: name, value and Unix time in seconds. */
#ifndef LINE_H
#define LINE_H

#include <stdio.h>

#include <shoal/records.h>

/* Returns 0, or -1 with errno. */
int write_line(FILE* file, const shoal_sample* sample);

#endif
