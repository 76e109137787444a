// Reading a small file whole.
#pragma once

#include <string>

namespace shoal::config {

struct TextFile {
  std::string text;
  std::string fault;  // why it could not be read, after the file's name; empty when it was
};

// At most 4 MiB; no configuration is larger, and /dev/zero never ends.
TextFile read_text_file(const std::string& file);

}  // namespace shoal::config
