// The ids of the events told last: an agent that was killed at the wrong moment says an event
// again, under the same id. For the thread of the call.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>

namespace shoal::slack {

class Told {
 public:
  bool has(std::string_view id) const { return ids_.count(std::string(id)) > 0; }
  void add(std::string_view id) {
    if (id.empty() || !ids_.emplace(id).second) return;
    order_.emplace_back(id);
    if (order_.size() <= most) return;
    ids_.erase(order_.front());
    order_.pop_front();
  }

 private:
  static constexpr std::size_t most = 5'000;
  std::unordered_set<std::string> ids_;
  std::deque<std::string> order_;  // oldest first
};

}  // namespace shoal::slack
