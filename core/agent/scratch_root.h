// A state directory that is gone afterwards, for what is only tried out.
#pragma once

#include <string>

namespace shoal::agent {

class ScratchRoot {
 public:
  // Made for us alone. Throws std::system_error.
  ScratchRoot();
  ~ScratchRoot();
  ScratchRoot(const ScratchRoot&) = delete;
  ScratchRoot& operator=(const ScratchRoot&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace shoal::agent
