// What a response is worth: by its status code, as the options say, and by its body. Immutable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/pattern.h"

namespace shoal::http {

// Codes from `first` to `last` are worth `status`.
struct StatusRule {
  int first;
  int last;
  std::uint32_t status;
};

// "404=ok", "500-599=warning"; nothing if it is neither.
std::optional<StatusRule> parse_status_rule(const std::string& text);

// The first rule that knows the code; otherwise below 400 OK, below 500 WARNING, else CRITICAL.
std::uint32_t status_of(int code, const std::vector<StatusRule>& rules);

// What a body must be.
class BodyRules {
 public:
  // Throws Failure for a pattern that does not compile.
  explicit BodyRules(const Options& options);

  // What is wrong with a body; empty if nothing is.
  std::string fault_of(const std::string& body) const;

  bool has_pattern() const { return pattern_.has_value(); }

 private:
  std::string pattern_text_;
  std::optional<common::Pattern> pattern_;
  std::int64_t exact_bytes_;  // -1: any
  std::int64_t least_bytes_;
};

}  // namespace shoal::http
