// Where rows stay while the file cannot be written: a bounded map in memory. Private to the queue;
// not thread-safe.
#pragma once

#include <map>
#include <string>

#include "queue/row.h"

namespace shoal::queue {

class MemoryRows final : public RowStore {
 public:
  void insert(const Row& row) override;
  std::optional<Row> find(Id id) override;
  void scan(OutputMask outputs, Range range, Selection::Lane lane, const Visitor& visit) override;
  void clear(const Row& row, OutputMask outputs) override;

  bool is_empty() const { return rows_.empty(); }
  std::optional<Row> oldest() const;
  std::size_t size() const { return rows_.size(); }
  std::uint64_t bytes() const { return bytes_; }
  void clear_all();

 private:
  struct Stored {
    std::int64_t accepted_ms;
    OutputMask outputs;
    std::string body;
  };
  static Row to_row(const std::pair<const Id, Stored>& entry);

  std::map<Id, Stored> rows_;
  std::uint64_t bytes_ = 0;
};

}  // namespace shoal::queue
