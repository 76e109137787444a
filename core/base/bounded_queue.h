// A queue between threads that never makes the producer wait: when it is full the oldest entry
// goes and is counted. Thread-safe; many producers, many consumers.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace shoal {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  // Returns the entry that had to go to make room, if one had to. After close() the entry itself
  // comes back.
  std::optional<T> push(T entry) {
    std::optional<T> displaced;
    {
      const std::lock_guard lock(mutex_);
      if (is_closed_) return entry;
      if (entries_.size() == capacity_) {
        displaced = std::move(entries_.front());
        entries_.pop_front();
        ++displaced_count_;
      }
      entries_.push_back(std::move(entry));
    }
    ready_.notify_one();
    return displaced;
  }

  // Waits for an entry. Empty only after close(), when all entries have been taken.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return is_closed_ || !entries_.empty(); });
    return take_front();
  }

  // Takes an entry if there is one.
  std::optional<T> try_pop() {
    const std::lock_guard lock(mutex_);
    return take_front();
  }

  // Takes all there is, oldest first, without waiting.
  std::vector<T> drain() {
    const std::lock_guard lock(mutex_);
    std::vector<T> all;
    all.reserve(entries_.size());
    while (!entries_.empty()) all.push_back(*take_front());
    return all;
  }

  // No more entries are accepted; waiting consumers get what is left, then nothing.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      is_closed_ = true;
    }
    ready_.notify_all();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }
  std::uint64_t displaced_count() const {
    const std::lock_guard lock(mutex_);
    return displaced_count_;
  }

 private:
  std::optional<T> take_front() {
    if (entries_.empty()) return std::nullopt;
    std::optional<T> entry(std::move(entries_.front()));
    entries_.pop_front();
    return entry;
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<T> entries_;
  std::uint64_t displaced_count_ = 0;
  bool is_closed_ = false;
};

}  // namespace shoal
