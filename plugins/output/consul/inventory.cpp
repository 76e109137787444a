#include "inventory.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace shoal::consul {
namespace {

using nlohmann::json;

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t second = 1'000 * millisecond;

Plan plan_of(const json& job) {
  Plan plan;
  plan.interval_ns = job.value("interval_ms", plan.interval_ns / millisecond) * millisecond;
  plan.timeout_ns = job.value("timeout_ms", plan.timeout_ns / millisecond) * millisecond;
  plan.attempts = std::max(job.value("max_check_attempts", 1U), 1U);
  plan.memo = job.value("memo", "");
  return plan;
}

}  // namespace

std::int64_t Plan::lifetime_ns() const {
  return std::max(3 * interval_ns, interval_ns + timeout_ns + 10 * second);
}

bool Inventory::update(const std::string& jobs) {
  if (jobs == jobs_) return false;
  checks_.clear();
  for (const json& job : json::parse(jobs)) {
    if (job.value("kind", "") == "check") checks_[job.value("name", "")] = plan_of(job);
  }
  jobs_ = jobs;
  return true;
}

const Plan* Inventory::find(std::string_view check) const {
  const auto found = checks_.find(check);
  return found == checks_.end() ? nullptr : &found->second;
}

}  // namespace shoal::consul
