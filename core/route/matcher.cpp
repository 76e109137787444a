#include "route/matcher.h"

#include <algorithm>

namespace shoal::route {

// After a `*` it is enough to remember the last one: what an earlier one took can stay taken.
bool fits(std::string_view glob, std::string_view text) {
  constexpr std::size_t none = std::string_view::npos;
  std::size_t in_glob = 0;
  std::size_t in_text = 0;
  std::size_t after_star = none;
  std::size_t resume = 0;
  while (in_text < text.size()) {
    if (in_glob < glob.size() && glob[in_glob] == '*') {
      after_star = ++in_glob;
      resume = in_text;
    } else if (in_glob < glob.size() && (glob[in_glob] == '?' || glob[in_glob] == text[in_text])) {
      ++in_glob;
      ++in_text;
    } else if (after_star != none) {
      in_glob = after_star;
      in_text = ++resume;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', in_glob) == none;
}

Matcher::Matcher(const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    if (pattern.starts_with('!')) {
      unwanted_.push_back(pattern.substr(1));
    } else {
      wanted_.push_back(pattern);
    }
  }
  if (wanted_.empty() && !unwanted_.empty()) wanted_.emplace_back("*");
}

bool Matcher::wants(std::string_view route_key) const {
  const auto key_fits = [&](const std::string& glob) { return fits(glob, route_key); };
  return std::any_of(wanted_.begin(), wanted_.end(), key_fits) &&
         std::none_of(unwanted_.begin(), unwanted_.end(), key_fits);
}

}  // namespace shoal::route
