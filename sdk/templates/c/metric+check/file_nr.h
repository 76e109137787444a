/* How many files are open on this host, and how many may be. */
#ifndef FILE_NR_H
#define FILE_NR_H

struct file_nr {
  double open;
  double most;
};

/* Reads the text of /proc/sys/fs/file-nr. Returns 0, or -1 if it is something else. */
int parse_file_nr(const char* text, struct file_nr* found);

/* Reads such a file. Returns 0, or -1 with errno (EINVAL: it is something else). */
int read_file_nr(const char* path, struct file_nr* found);

#endif
