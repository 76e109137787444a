// "Did you mean ...": the known word nearest to one that is not known. Stateless.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace shoal {

// The word of `known` that `word` was most likely meant to be, without regard to case; empty if
// none is near (a third of its letters may differ, one at least, two at most).
std::string_view nearest(std::string_view word, std::span<const std::string> known);

}  // namespace shoal
