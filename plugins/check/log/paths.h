// Which files to read: one by its path, many by wildcards, or those of a folder by a pattern of
// their names. Looked up anew each round. Immutable.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/pattern.h"

namespace shoal {
class Options;
}

namespace shoal::log {

class Paths {
 public:
  // Throws shoal::Failure when the options name no files.
  explicit Paths(const Options& options);

  // Sorted. One path without wildcards is there whether the file is or not. Throws
  // std::system_error for a folder that cannot be read.
  std::vector<std::string> find() const;

  // What the options say, for people.
  const std::string& words() const { return words_; }

 private:
  std::string file_;
  std::string folder_;
  std::optional<common::Pattern> name_;
  std::string words_;
};

// What a pattern with *, ?, [...] and ** (folders below, at any depth) names.
std::vector<std::string> expand(const std::string& pattern);

}  // namespace shoal::log
