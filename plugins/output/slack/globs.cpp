#include "globs.h"

namespace shoal::slack {
namespace {

// What an earlier "*" took can stay taken, so it is enough to come back to the last one.
bool fits(std::string_view glob, std::string_view text) {
  constexpr auto none = std::string_view::npos;
  std::size_t at = 0;
  std::size_t after_star = none;
  std::size_t resume = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (at < glob.size() && glob[at] == '*') {
      after_star = ++at;
      resume = i;
    } else if (at < glob.size() && (glob[at] == '?' || glob[at] == text[i])) {
      ++at;
      ++i;
    } else if (after_star != none) {
      at = after_star;
      i = ++resume;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', at) == none;
}

}  // namespace

bool Globs::fit(std::string_view text) const {
  bool has_wanted = false;
  bool is_wanted = false;
  for (const std::string_view pattern : patterns_) {
    if (pattern.starts_with('!')) {
      if (fits(pattern.substr(1), text)) return false;
      continue;
    }
    has_wanted = true;
    is_wanted = is_wanted || fits(pattern, text);
  }
  return is_wanted || (!has_wanted && !patterns_.empty());
}

}  // namespace shoal::slack
