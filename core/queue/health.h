// How the queue itself is, for status. Plain data.
#pragma once

#include <cstdint>
#include <string>

namespace shoal::queue {

struct Health {
  // What keeps the queue from writing its file; empty when all is well. Until it is resolved,
  // what arrives is kept in memory only.
  std::string trouble;
  std::uint64_t records_in_memory = 0;
  // Damaged files that were set aside since the start, and the newest of them.
  std::uint64_t files_set_aside = 0;
  std::string last_set_aside;
};

}  // namespace shoal::queue
