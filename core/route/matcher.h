// Which records an output wants, by patterns over their route keys ("sample:loadavg5",
// "check:web", "event:check:web"). Immutable after construction, so safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shoal::route {

class Matcher {
 public:
  // A pattern that begins with "!" excludes what fits the rest of it, wherever it stands in the
  // list. If all do, everything else is wanted.
  explicit Matcher(const std::vector<std::string>& patterns);

  // Allocates nothing.
  bool wants(std::string_view route_key) const;

 private:
  std::vector<std::string> wanted_;
  std::vector<std::string> unwanted_;
};

}  // namespace shoal::route
