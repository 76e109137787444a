// What the agent is configured to do, as far as Mackerel's rules need it. Keeps the last answer of
// shoal.identity/1. For the thread of the call.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace shoal::mackerel {

// How a check wants to be reported.
struct CheckRules {
  std::optional<int> notification_interval;  // minutes
  std::optional<int> max_check_attempts;
  bool prevents_auto_close = false;
};

// Where a metadata command said to keep what was sent last.
struct MetadataRules {
  std::string workdir;     // of its section's environment; empty: as for all
  std::size_t number = 0;  // its place among the namespaces of this host
};

class Inventory {
 public:
  // Takes `jobs` as shoal.identity/1 gives them. Whether anything is new: also after a reload that
  // changed nothing.
  bool update(const std::string& jobs);

  const std::string& jobs() const { return jobs_; }
  // Of a check or namespace that is not configured any more: the defaults.
  CheckRules check(std::string_view name) const;
  MetadataRules metadata(std::string_view name) const;

 private:
  std::string jobs_;
  std::map<std::string, CheckRules, std::less<>> checks_;
  std::map<std::string, MetadataRules, std::less<>> metadata_;
};

}  // namespace shoal::mackerel
