#include "deliver/memory_source.h"

#include <algorithm>
#include <string>

#include "record/encoding.h"

namespace shoal::deliver {

using queue::Selection;

void MemorySource::append(std::span<const record::Record> records) {
  const std::lock_guard lock(mutex_);
  std::string encoded;
  for (const record::Record& record : records) {
    encoded.clear();
    record::encode(record, encoded);
    rows_.emplace(++last_id_, Stored{record, encoded.size(), clock_.wall()});
    accounts_.accept(encoded.size());
  }
  enforce_limits();
}

void MemorySource::enforce_limits() {
  const WallTime oldest_allowed = clock_.wall() - limits_.age;
  while (!rows_.empty()) {
    const auto oldest = rows_.begin();
    if (accounts_.pending_bytes > limits_.bytes) {
      settle_row(oldest, queue::Fate::dropped);
    } else if (oldest->second.accepted < oldest_allowed) {
      settle_row(oldest, queue::Fate::expired);
    } else {
      return;
    }
  }
}

void MemorySource::settle_row(Rows::iterator row, queue::Fate fate) {
  accounts_.settle(fate, row->second.bytes);
  rows_.erase(row);
}

std::vector<queue::Item> MemorySource::take(const Selection& selection) {
  const std::lock_guard lock(mutex_);
  auto begin = rows_.upper_bound(selection.after);
  auto end = rows_.upper_bound(std::max(selection.after, selection.upto));
  const bool is_newest = selection.lane == Selection::Lane::newest;
  std::vector<queue::Item> items;
  std::uint64_t bytes = 0;
  while (begin != end && items.size() < selection.max_records) {
    const auto row = is_newest ? std::prev(end) : begin;
    bytes += row->second.bytes;
    if (!items.empty() && bytes > selection.max_bytes) break;
    items.push_back({row->first, row->second.record});
    is_newest ? --end : ++begin;
  }
  if (is_newest) std::reverse(items.begin(), items.end());
  return items;
}

void MemorySource::settle(std::span<const queue::Settlement> settlements) {
  const std::lock_guard lock(mutex_);
  for (const auto& settlement : settlements) {
    if (const auto row = rows_.find(settlement.id); row != rows_.end()) {
      settle_row(row, settlement.fate);
    }
  }
}

std::uint64_t MemorySource::pending() {
  const std::lock_guard lock(mutex_);
  return accounts_.pending;
}

queue::Accounts MemorySource::accounts() {
  const std::lock_guard lock(mutex_);
  queue::Accounts accounts = accounts_;
  if (!rows_.empty()) accounts.oldest_pending = rows_.begin()->second.accepted;
  return accounts;
}

queue::Id MemorySource::last_id() {
  const std::lock_guard lock(mutex_);
  return last_id_;
}

}  // namespace shoal::deliver
