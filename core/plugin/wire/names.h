// The words of the wire protocol that both directions use. Stateless.
#pragma once

#include <array>
#include <string_view>

#include "plugin/instance.h"
#include "plugin/wire/fields.h"

namespace shoal::plugin::wire {

// In the order of Kind.
constexpr std::array<std::string_view, 3> kind_names{"metric", "check", "output"};
// In the order of CallStatus.
constexpr std::array<std::string_view, 12> status_names{
    "ok",          "nothing",   "retry",    "config",     "auth", "rejected",
    "unsupported", "cancelled", "deadline", "permission", "bug",  "failed"};

inline CallStatus status_of(const Fields& fields) {
  const auto status = fields.choice("status", status_names);
  if (!status) fields.fail("status", "is missing");
  return static_cast<CallStatus>(*status);
}

}  // namespace shoal::plugin::wire
