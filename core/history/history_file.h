// The writing side of the history's file. Private to the history; not thread-safe. Everything
// throws store::StoreError.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "history/history_limits.h"
#include "history/schema.h"
#include "record/record.h"
#include "store/database.h"

namespace shoal::history {

class HistoryFile {
 public:
  explicit HistoryFile(const std::string& path);

  void append(std::span<const record::Record> records);
  void compact(WallTime now, const HistoryLimits& limits);

 private:
  void add(const record::Record& record);
  std::int64_t id_of(Kind kind, const std::string& name, const std::string& unit);
  void average(std::int64_t before_ms);
  void keep_changes(std::int64_t before_ms);
  void remove(std::int64_t before_ms);
  void note_seen(std::int64_t now_ms);
  void fit(WallTime now, std::uint64_t bytes);
  std::int64_t oldest_ms();

  store::Database database_;
  store::Statement insert_point_;
  store::Statement insert_result_;
  store::Statement insert_event_;
  store::Statement find_series_;
  store::Statement insert_series_;
  std::unordered_map<std::string, std::int64_t> ids_;  // by kind and name
  std::unordered_set<std::int64_t> seen_;              // since the last compaction
};

}  // namespace shoal::history
