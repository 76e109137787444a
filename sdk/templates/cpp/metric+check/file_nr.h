// How many files are open on this host, and how many may be.
#pragma once

#include <string>

struct FileNr {
  double open = 0;
  double most = 0;
};

// Reads the text of /proc/sys/fs/file-nr. Throws std::runtime_error if it is something else.
FileNr parse_file_nr(const std::string& text);

// The text of a file. Throws std::runtime_error, "PATH: why not".
std::string read_text(const std::string& path);
