// Which results of checks Mackerel is to hear of: all but an OK that it knows already. Remembers
// the last result of each check as long as the output lives, as mackerel-agent does. For the thread
// of the call.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <shoal/plugin.hpp>

#include "inventory.h"

namespace shoal::mackerel {

class CheckLog {
 public:
  // Whether this result, coming after all noted before, is to be reported. What is no newer than
  // another of its check is not: a report of the past would undo one of the present.
  bool note(const shoal_check_result& result, const CheckRules& rules);

  // What was noted has been reported; or has not, and is noted again when it is offered again.
  void commit();
  void forget() { fresh_.clear(); }

 private:
  struct Last {
    std::uint32_t status = 0;
    std::string text;
    std::int64_t time_ns = 0;
  };
  using LastOfChecks = std::map<std::string, Last, std::less<>>;

  const Last* last(std::string_view name) const;

  LastOfChecks reported_;
  LastOfChecks fresh_;  // since the last commit
};

}  // namespace shoal::mackerel
