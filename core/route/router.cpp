#include "route/router.h"

#include <cassert>

namespace shoal::route {

Router::Router(const std::vector<Destination>& destinations) {
  assert(destinations.size() <= 64);
  Mask bit = 1;
  for (const Destination& destination : destinations) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      const auto kind = static_cast<record::Kind>(i);
      if (!destination.accepts.has(kind)) continue;
      if (destination.match) {
        kinds_[i].choices.push_back({bit, Matcher(*destination.match)});
      } else if (destination.by_default.has(kind)) {
        kinds_[i].always |= bit;
      }
    }
    bit <<= 1;
  }
}

// The key is only put together when someone looks at it: most hosts have no match at all.
Mask Router::route(const record::Record& record) const {
  const record::Kind kind = record::kind_of(record);
  if (of(kind).choices.empty()) return of(kind).always;
  return route(kind, record::route_key(record));
}

Mask Router::route(record::Kind kind, std::string_view route_key) const {
  Mask mask = of(kind).always;
  for (const Choice& choice : of(kind).choices) {
    if (choice.matcher.wants(route_key)) mask |= choice.bit;
  }
  return mask;
}

}  // namespace shoal::route
