// The checks that this agent is configured to run. Keeps the last answer of shoal.identity/1. For
// the thread of the call.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace shoal::consul {

struct Plan {
  std::int64_t interval_ns = 60'000'000'000;
  std::int64_t timeout_ns = 30'000'000'000;
  std::uint32_t attempts = 1;  // results in a row until a problem counts
  std::string memo;

  // How long a result speaks for its check.
  std::int64_t lifetime_ns() const;
};

class Inventory {
 public:
  // Takes `jobs` as shoal.identity/1 gives them. Whether anything is new: also after a reload that
  // changed nothing.
  bool update(const std::string& jobs);

  // NULL: there is no such check.
  const Plan* find(std::string_view check) const;

 private:
  std::string jobs_;
  std::map<std::string, Plan, std::less<>> checks_;
};

}  // namespace shoal::consul
