// Keeps what happened on this host: samples, check results and events, bounded in age and bytes.
// Not thread-safe. Nothing is thrown because of what the disk does: the history is a convenience,
// so what cannot be written is counted and forgone.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/clock.h"
#include "history/history_limits.h"
#include "record/record.h"

namespace shoal::store {
class StoreError;
}

namespace shoal::history {

class HistoryFile;

// How the history itself is, for status.
struct HistoryHealth {
  std::string trouble;  // empty when all is well
  std::uint64_t records_forgone = 0;
  std::uint64_t files_set_aside = 0;
};

class Writer {
 public:
  // Opens or creates the file; a damaged one is set aside.
  Writer(std::string path, const Clock& clock, HistoryLimits limits = {});
  ~Writer();

  // Metadata and graph definitions are passed over. A point of the same series and time replaces
  // the earlier one.
  void append(std::span<const record::Record> records);
  // Averages and removes what is old enough. Cheap to call often: it acts every five minutes.
  void compact();

  const HistoryHealth& health() const { return health_; }

 private:
  bool open();
  template <class Act>
  bool attempt(Act act);
  void on_failure(const store::StoreError& error);

  const std::string path_;
  const Clock& clock_;
  const HistoryLimits limits_;
  std::unique_ptr<HistoryFile> file_;
  SteadyTime next_open_{};
  SteadyTime next_compaction_{};
  HistoryHealth health_;
};

}  // namespace shoal::history
