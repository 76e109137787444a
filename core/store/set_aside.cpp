#include "store/set_aside.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace shoal::store {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> parts = {"", "-wal", "-shm"};
constexpr std::size_t kept_files = 3;

std::string stamp(WallTime now) {
  const std::time_t seconds = unix_seconds(now);
  std::tm calendar{};
  gmtime_r(&seconds, &calendar);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &calendar);
  return text.data();
}

std::string free_name(const std::string& path, WallTime now) {
  const std::string base = path + ".damaged-" + stamp(now);
  std::string name = base;
  for (int copy = 2; fs::exists(name); ++copy) name = base + "." + std::to_string(copy);
  return name;
}

bool is_part(std::string_view name) {
  return name.ends_with("-wal") || name.ends_with("-shm");
}

void remove_oldest(const std::string& path) {
  const std::string prefix = fs::path(path).filename().string() + ".damaged-";
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(fs::absolute(path).parent_path(), ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && !is_part(name)) found.push_back(entry.path().string());
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  for (std::size_t i = kept_files; i < found.size(); ++i) {
    for (const std::string_view part : parts) fs::remove(found[i] + std::string(part), ignored);
  }
}

void sync_directory(const std::string& path) {
  const std::string directory = fs::absolute(path).parent_path().string();
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) ::fsync(fd.get());
}

}  // namespace

std::string set_aside(const std::string& path, WallTime now) {
  const std::string name = free_name(path, now);
  for (const std::string_view part : parts) {
    const std::string from = path + std::string(part);
    if (std::rename(from.c_str(), (name + std::string(part)).c_str()) != 0 && errno != ENOENT) {
      throw_errno("rename " + from);
    }
  }
  sync_directory(path);
  remove_oldest(path);
  return name;
}

}  // namespace shoal::store
