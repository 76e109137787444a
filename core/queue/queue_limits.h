// How much may wait for one output. Plain data.
#pragma once

#include <chrono>
#include <cstdint>

namespace shoal::queue {

// Beyond a limit the oldest records go and are counted.
struct QueueLimits {
  std::uint64_t bytes = 64ULL << 20;  // encoded, and about what storing adds
  std::chrono::seconds age{24 * 3600};
};

}  // namespace shoal::queue
