#include "route/matcher.h"

#include <algorithm>

#include "base/glob.h"

namespace shoal::route {

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
