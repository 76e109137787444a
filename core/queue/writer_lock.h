// Keeps a second agent away from a file: an flock on FILE.lock, which holds the owner's pid. Gone
// when this goes, also when the process is killed.
#pragma once

#include <string>

#include "base/unique_fd.h"

namespace shoal::queue {

class WriterLock {
 public:
  // Throws Error that names the other process if it is held, std::system_error if the lock file
  // cannot be opened.
  explicit WriterLock(const std::string& path);

 private:
  UniqueFd fd_;
};

}  // namespace shoal::queue
