#include "gathering.h"

namespace shoal::slack {

constexpr std::int64_t longest_ns = 10'000'000'000;

bool Gathering::is_growing(std::size_t count, std::int64_t now_ns) {
  if (count_ == 0) since_ns_ = now_ns;
  if (count <= count_ || now_ns - since_ns_ >= longest_ns) return false;
  count_ = count;
  return true;
}

}  // namespace shoal::slack
