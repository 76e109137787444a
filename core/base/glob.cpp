#include "base/glob.h"

#include <cstddef>

namespace shoal {

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

}  // namespace shoal
