#include "agent/plugin_folder.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/core.h>

#include "base/error.h"

namespace shoal::agent {
namespace {

namespace fs = std::filesystem;

constexpr auto executable = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw_errno("open " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

// `where` is for the message about an unknown word.
std::string filled(std::string_view text, const Words& words, const fs::path& where) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find('@', at);
    const std::size_t end = begin == text.npos ? begin : text.find('@', begin + 1);
    if (end == text.npos) return result.append(text.substr(at));
    const std::string_view word = text.substr(begin + 1, end - begin - 1);
    result.append(text.substr(at, begin - at));
    at = begin;
    if (!is_word(word)) {
      result += text[at++];
      continue;
    }
    const auto value = words.find(word);
    if (value == words.end()) throw Error(fmt::format("{}: unknown @{}@", where.string(), word));
    result += value->second;
    at = end + 1;
  }
  return result;
}

bool is_executable(const fs::path& path) {
  return (fs::status(path).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

void add_files(const fs::path& part, const Words& words, std::vector<NewFile>& files) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(part)) {
    if (!entry.is_regular_file()) continue;
    const std::string inside = entry.path().lexically_relative(part).string();
    files.push_back({filled(inside, words, entry.path()),
                     filled(read_file(entry.path()), words, entry.path()),
                     is_executable(entry.path())});
  }
}

// "metric+check" is for metric and for check.
bool is_for(std::string_view part, std::string_view kind) {
  for (std::size_t begin = 0; begin <= part.size();) {
    const std::size_t end = std::min(part.find('+', begin), part.size());
    if (part.substr(begin, end - begin) == kind) return true;
    begin = end + 1;
  }
  return part == "any";
}

void write_file(const fs::path& path, const NewFile& file) {
  fs::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary);
  stream << file.text;
  if (!stream.flush()) throw_errno("write " + path.string());
  if (file.is_executable) fs::permissions(path, executable, fs::perm_options::add);
}

}  // namespace

std::vector<NewFile> fill_templates(const std::vector<fs::path>& folders, const std::string& kind,
                                    const Words& words) {
  std::vector<NewFile> files;
  for (const fs::path& folder : folders) {
    for (const fs::directory_entry& part : fs::directory_iterator(folder)) {
      if (is_for(part.path().filename().string(), kind)) add_files(part.path(), words, files);
    }
  }
  std::sort(files.begin(), files.end(),
            [](const NewFile& a, const NewFile& b) { return a.path < b.path; });
  return files;
}

void write_folder(const fs::path& folder, const std::vector<NewFile>& files) {
  if (fs::exists(fs::symlink_status(folder))) {
    throw Error(folder.string() + ": exists; --dir names another folder");
  }
  for (const NewFile& file : files) write_file(folder / file.path, file);
}

}  // namespace shoal::agent
