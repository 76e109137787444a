// How much of the past is kept. Plain data.
#pragma once

#include <chrono>
#include <cstdint>

namespace shoal::history {

struct HistoryLimits {
  std::chrono::hours full{24};           // each sample and each result
  std::chrono::hours averaged{30 * 24};  // five minutes of samples as one; changes of results
  std::uint64_t bytes = 64 << 20;        // of the file; the oldest go first
};

}  // namespace shoal::history
