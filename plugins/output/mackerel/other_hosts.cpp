#include "other_hosts.h"

#include "host.h"

namespace shoal::mackerel {
namespace {

constexpr std::int64_t ten_minutes_ns = 600LL * 1'000'000'000;

}  // namespace

std::string OtherHosts::id_of(const std::string& identifier, const Call& call, const Api& api,
                              std::int64_t now_ns) {
  const auto known = answers_.find(identifier);
  const bool is_known =
      known != answers_.end() &&
      (!known->second.id.empty() || now_ns - known->second.time_ns < ten_minutes_ns);
  if (is_known) return known->second.id;

  const auto id = first_id_in(api.get(call, path_of_identifier(identifier)));
  answers_[identifier] = {id, now_ns};
  return id;
}

}  // namespace shoal::mackerel
