#include "config/include.h"

#include <algorithm>
#include <filesystem>
#include <glob.h>
#include <string_view>

namespace shoal::config {

namespace {

using std::filesystem::path;

// The place after the class that opens at `text[i]`, or npos when it is not closed. As in Go, the
// first member of a class may not be "]" and a backslash takes the next character literally.
std::size_t after_class(std::string_view text, std::size_t i) {
  ++i;
  if (i < text.size() && (text[i] == '^' || text[i] == '!')) ++i;
  for (const std::size_t first = i; i < text.size(); ++i) {
    if (text[i] == ']') return i > first ? i + 1 : std::string_view::npos;
    if (text[i] == '\\') ++i;
  }
  return std::string_view::npos;
}

bool is_well_formed(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern[i] == '[') {
      i = after_class(pattern, i);
      if (i == std::string_view::npos) return false;
    } else {
      i += pattern[i] == '\\' ? 2 : 1;
      if (i > pattern.size()) return false;
    }
  }
  return true;
}

bool has_dots(const path& file) {
  return std::any_of(file.begin(), file.end(),
                     [](const path& part) { return part == "." || part == ".."; });
}

// Unlike a shell, Go's `*` takes names that begin with a dot, but never "." and "..".
std::vector<std::string> expand(const std::string& pattern) {
  glob_t found{};
  std::vector<path> files;
  if (::glob(pattern.c_str(), GLOB_PERIOD | GLOB_NOSORT, nullptr, &found) == 0) {
    files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  ::globfree(&found);
  if (!has_dots(pattern)) std::erase_if(files, has_dots);
  // Part by part, so that "a/x" comes before "a-b/x".
  std::sort(files.begin(), files.end());
  return {files.begin(), files.end()};
}

// Without this, a conf.d that only root can open would look like an empty one.
std::string unreadable_directory(const path& pattern) {
  const path directory = pattern.has_parent_path() ? pattern.parent_path() : path(".");
  std::error_code error;
  const std::filesystem::directory_iterator entries(directory, error);
  if (error != std::errc::permission_denied) return {};
  return directory.string();
}

}  // namespace

Included expand_include(const std::string& pattern) {
  if (!is_well_formed(pattern)) {
    return {{}, "expected a pattern of file names, \"" + pattern + "\" has an open [ or \\"};
  }
  const std::string closed = unreadable_directory(pattern);
  if (!closed.empty()) return {{}, "cannot read " + closed + ": Permission denied"};
  return {expand(pattern), {}};
}

std::string default_include(const std::string& main_file) {
  const path file(main_file);
  if (file.filename() != "shoal.conf") return {};
  return (file.parent_path() / "conf.d" / "*.conf").string();
}

}  // namespace shoal::config
