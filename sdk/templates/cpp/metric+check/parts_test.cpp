// Tries the parts on recorded data.
#undef NDEBUG
#include <cassert>
#include <stdexcept>

#include "file_nr.h"

static bool is_refused(const std::string& text) {
  try {
    parse_file_nr(text);
    return false;
  } catch (const std::runtime_error&) {
    return true;
  }
}

int main() {
  const FileNr found = parse_file_nr(read_text("testdata/file-nr"));

  assert(found.open == 1184);
  assert(found.most == 2466170);
  assert(is_refused(""));
  assert(is_refused("1184 files"));
}
