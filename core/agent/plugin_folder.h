// The folder of a new plugin, made of the templates of the SDK: LANGUAGE/KIND and what languages
// and kinds share. Knows no command line and prints nothing. Not thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace shoal::agent {

// What stands for @WORD@ in the templates' text and file names.
using Words = std::map<std::string, std::string, std::less<>>;

struct NewFile {
  std::filesystem::path path;  // inside the folder
  std::string text;
  bool is_executable = false;
};

// What the templates make, in the order of their paths: of each of these folders the parts that are
// for "any" kind or for this one ("metric+check" is for two). Throws Error for a word that has no
// value.
std::vector<NewFile> fill_templates(const std::vector<std::filesystem::path>& folders,
                                    const std::string& kind, const Words& words);

// Writes them into a folder that must not be there yet. Throws Error.
void write_folder(const std::filesystem::path& folder, const std::vector<NewFile>& files);

}  // namespace shoal::agent
