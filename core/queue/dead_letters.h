// The two places for dead letters: the file and, while it cannot be written, memory. Private to the
// queue; not thread-safe.
#pragma once

#include <deque>
#include <vector>

#include "queue/dead_letter.h"
#include "store/database.h"

namespace shoal::queue {

// In a database; the caller's transaction.
class DeadLetterTable {
 public:
  explicit DeadLetterTable(store::Database& database);

  void add(const DeadLetter& letter);
  // Removes the oldest beyond the limits.
  void trim();
  // Newest first.
  std::vector<DeadLetter> newest(std::size_t count);

 private:
  store::Database& database_;
  store::Statement insert_;
};

// In memory, with the same limits.
class DeadLetterList {
 public:
  void add(DeadLetter letter);
  const std::deque<DeadLetter>& letters() const { return letters_; }
  void clear();

 private:
  std::deque<DeadLetter> letters_;  // oldest first
  std::size_t bytes_ = 0;
};

}  // namespace shoal::queue
