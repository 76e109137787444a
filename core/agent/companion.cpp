#include "agent/companion.h"

#include <filesystem>
#include <unistd.h>

#include <fmt/core.h>

#include "base/error.h"

namespace shoal::agent {
namespace {

namespace fs = std::filesystem;

fs::path own_folder() {
  return fs::read_symlink("/proc/self/exe").parent_path();
}

fs::path installed_folder() {
  return (own_folder() / ".." / SHOAL_PROGRAM_DIR).lexically_normal();
}

}  // namespace

std::optional<std::string> find_companion(const std::string& name, const std::string& folder) {
  const fs::path built = (own_folder() / ".." / folder).lexically_normal();
  for (const fs::path& place : {installed_folder(), built}) {
    if (fs::exists(place / name)) return (place / name).string();
  }
  return std::nullopt;
}

std::string companion(const std::string& name, const std::string& folder) {
  if (auto found = find_companion(name, folder)) return *std::move(found);
  throw Error(
      fmt::format("{} is not installed: it is missing in {}", name, installed_folder().string()));
}

void become(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  ::execv(pointers.front(), pointers.data());
  throw_errno("run " + words.front());
}

}  // namespace shoal::agent
