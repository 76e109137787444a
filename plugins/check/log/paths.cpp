#include "paths.h"

#include <algorithm>
#include <filesystem>
#include <glob.h>
#include <system_error>

#include <shoal/plugin.hpp>

namespace shoal::log {
namespace {

namespace fs = std::filesystem;

// A pattern that meets a whole file system shall not hold up the round for ever.
constexpr std::size_t most_folders = 10'000;

bool has_wildcards(const std::string& path) {
  return path.find_first_of("*?[") != std::string::npos;
}

void append_glob(const std::string& pattern, std::vector<std::string>& paths) {
  glob_t found{};
  if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
    paths.insert(paths.end(), found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  ::globfree(&found);
}

std::vector<std::string> with_folders_below(std::vector<std::string> folders) {
  std::vector<std::string> all = folders;
  for (const auto& folder : folders) {
    std::error_code error;
    auto below = fs::recursive_directory_iterator(
        folder, fs::directory_options::skip_permission_denied, error);
    for (const auto end = fs::recursive_directory_iterator(); below != end && !error;
         below.increment(error)) {
      if (all.size() == most_folders) return all;
      std::error_code ignored;
      if (below->is_directory(ignored) && !below->is_symlink(ignored)) {
        all.push_back(below->path().string());
      }
    }
  }
  return all;
}

}  // namespace

std::vector<std::string> expand(const std::string& pattern) {
  std::vector<std::string> paths;
  const auto deep = pattern.find("/**/");
  if (deep == std::string::npos) {
    append_glob(pattern, paths);
  } else {
    std::vector<std::string> folders;
    append_glob(deep == 0 ? "/" : pattern.substr(0, deep), folders);
    for (const auto& folder : with_folders_below(folders)) {
      append_glob(folder + "/" + pattern.substr(deep + 4), paths);
    }
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

Paths::Paths(const Options& options)
    : file_(options.text("/file")),
      folder_(options.text("/directory")),
      name_(common::pattern_option(options, "file_pattern")),
      words_(file_.empty() ? folder_ : file_) {
  if (file_.empty() == folder_.empty()) {
    throw Failure("options: expected either file or directory", SHOAL_CONFIG);
  }
  if (name_.has_value() == folder_.empty()) {
    throw Failure("options: expected directory and file_pattern together", SHOAL_CONFIG);
  }
}

std::vector<std::string> Paths::find() const {
  if (!file_.empty()) {
    return has_wildcards(file_) ? expand(file_) : std::vector{file_};
  }
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    std::error_code ignored;
    const bool is_one = name_->found_in(entry.path().filename().string());
    if (is_one && entry.is_regular_file(ignored)) paths.push_back(entry.path().string());
  }
  if (error) throw std::system_error(error, folder_);
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace shoal::log
