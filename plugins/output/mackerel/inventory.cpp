#include "inventory.h"

#include <nlohmann/json.hpp>

namespace shoal::mackerel {
namespace {

using nlohmann::json;

std::optional<int> number(const json& job, const char* key) {
  return job.contains(key) ? std::optional(job[key].get<int>()) : std::nullopt;
}

template <class Map>
typename Map::mapped_type found_or_default(const Map& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? typename Map::mapped_type{} : found->second;
}

}  // namespace

bool Inventory::update(const std::string& jobs) {
  if (jobs == jobs_) return false;
  checks_.clear();
  metadata_.clear();
  for (const json& job : json::parse(jobs)) {
    const std::string kind = job.value("kind", "");
    const std::string name = job.value("name", "");
    if (kind == "check") {
      checks_[name] = {number(job, "notification_interval"), number(job, "max_check_attempts"),
                       job.value("prevent_alert_auto_close", false)};
    } else if (kind == "metadata") {
      const std::size_t place = metadata_.size();
      metadata_[name] = {job.value("workdir", ""), place};
    }
  }
  jobs_ = jobs;
  return true;
}

CheckRules Inventory::check(std::string_view name) const {
  return found_or_default(checks_, name);
}

MetadataRules Inventory::metadata(std::string_view name) const {
  return found_or_default(metadata_, name);
}

}  // namespace shoal::mackerel
