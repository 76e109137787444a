// One record as it is stored, and the interface of the two places that store them: the file and,
// while the file cannot be written, memory. Private to the queue.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "queue/item.h"

namespace shoal::queue {

// The body is borrowed.
struct Row {
  Id id = 0;
  std::int64_t accepted_ms = 0;
  OutputMask outputs = 0;
  std::string_view body;
  bool is_sound = true;  // false: the checksum says the row is damaged

  // What the row counts for in limits: its body and about what SQLite adds.
  std::uint64_t bytes() const { return body.size() + 24; }
  WallTime accepted() const { return from_unix_milliseconds(accepted_ms); }
};

struct Range {
  Id first = 1;
  Id last = last_possible_id;
};

class RowStore {
 public:
  // Returns false to stop.
  using Visitor = std::function<bool(const Row&)>;

  virtual ~RowStore() = default;
  virtual void insert(const Row& row) = 0;
  // The body is valid until the next call.
  virtual std::optional<Row> find(Id id) = 0;
  // Visits the rows of the range that have a bit of `outputs`. The visitor must not call back.
  virtual void scan(OutputMask outputs, Range range, Selection::Lane lane,
                    const Visitor& visit) = 0;
  // Takes the bits of `outputs` from the row as find() or scan() gave it; a row without bits goes.
  virtual void clear(const Row& row, OutputMask outputs) = 0;
};

}  // namespace shoal::queue
