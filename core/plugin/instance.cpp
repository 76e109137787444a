#include "plugin/instance.h"

#include <array>

namespace shoal::plugin {

std::string_view kind_name(Kind kind) {
  constexpr std::array<std::string_view, 3> names{"metric", "check", "output"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string_view status_name(CallStatus status) {
  constexpr std::array<std::string_view, 12> names{
      "ok",          "nothing",   "retry",    "config",     "auth", "rejected",
      "unsupported", "cancelled", "deadline", "permission", "bug",  "failed"};
  return names.at(static_cast<std::size_t>(status));
}

}  // namespace shoal::plugin
