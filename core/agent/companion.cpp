#include "agent/companion.h"

#include <filesystem>

#include <fmt/core.h>

#include "base/error.h"

namespace shoal::agent {

std::string companion(const std::string& name, const std::string& folder) {
  namespace fs = std::filesystem;
  const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
  const fs::path installed = (here / ".." / SHOAL_PROGRAM_DIR / name).lexically_normal();
  if (fs::exists(installed)) return installed.string();
  const fs::path built = (here / ".." / folder / name).lexically_normal();
  if (fs::exists(built)) return built.string();
  throw Error(fmt::format("{} is not installed: it is missing in {}", name,
                          installed.parent_path().string()));
}

}  // namespace shoal::agent
