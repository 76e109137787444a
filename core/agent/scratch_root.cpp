#include "agent/scratch_root.h"

#include <cstdlib>
#include <filesystem>

#include "base/error.h"

namespace shoal::agent {

ScratchRoot::ScratchRoot()
    : path_((std::filesystem::temp_directory_path() / "shoal-run-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) throw_errno("make " + path_);
}

ScratchRoot::~ScratchRoot() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace shoal::agent
