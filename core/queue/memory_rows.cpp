#include "queue/memory_rows.h"

namespace shoal::queue {

Row MemoryRows::to_row(const std::pair<const Id, Stored>& entry) {
  return {.id = entry.first,
          .accepted_ms = entry.second.accepted_ms,
          .outputs = entry.second.outputs,
          .body = entry.second.body};
}

void MemoryRows::insert(const Row& row) {
  rows_.insert_or_assign(row.id, Stored{row.accepted_ms, row.outputs, std::string(row.body)});
  bytes_ += row.bytes();
}

std::optional<Row> MemoryRows::find(Id id) {
  const auto it = rows_.find(id);
  if (it == rows_.end()) return std::nullopt;
  return to_row(*it);
}

void MemoryRows::scan(OutputMask outputs, Range range, Selection::Lane lane, const Visitor& visit) {
  auto begin = rows_.lower_bound(range.first);
  auto end = rows_.upper_bound(range.last);
  const auto goes_on = [&](const auto& entry) {
    return (entry.second.outputs & outputs) == 0 || visit(to_row(entry));
  };
  if (lane == Selection::Lane::oldest) {
    while (begin != end && goes_on(*begin)) ++begin;
  } else {
    while (begin != end && goes_on(*std::prev(end))) --end;
  }
}

void MemoryRows::clear(const Row& row, OutputMask outputs) {
  const auto it = rows_.find(row.id);
  if (it == rows_.end()) return;
  it->second.outputs &= ~outputs;
  if (it->second.outputs != 0) return;
  bytes_ -= to_row(*it).bytes();
  rows_.erase(it);
}

std::optional<Row> MemoryRows::oldest() const {
  if (rows_.empty()) return std::nullopt;
  return to_row(*rows_.begin());
}

void MemoryRows::clear_all() {
  rows_.clear();
  bytes_ = 0;
}

}  // namespace shoal::queue
