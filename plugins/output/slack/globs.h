// Patterns over job ids, as the agent's own `match`: "*" stands for any characters, "?" for one,
// "!" in front excludes. Immutable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shoal::slack {

class Globs {
 public:
  explicit Globs(std::vector<std::string> patterns = {}) : patterns_(std::move(patterns)) {}

  // Some pattern fits the whole of `text`, or there are only excluding ones, and none excludes it.
  bool fit(std::string_view text) const;

 private:
  std::vector<std::string> patterns_;
};

}  // namespace shoal::slack
