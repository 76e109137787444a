#include "checks.h"

#include "payload.h"

namespace shoal::consul {

void Checks::configure() {
  std::erase_if(checks_, [&](const auto& entry) { return !is_configured(entry.first); });
  hard_states_.keep_only([&](std::string_view check) { return is_configured(check); });
  for (auto& [name, check] : checks_) check.notes = inventory_.find(name)->memo;
}

void Checks::note(const shoal_check_result& result) {
  const std::string name(view(result.name));
  const Plan* plan = inventory_.find(name);
  if (plan == nullptr) return;
  Check& check = checks_[name];
  if (result.time_ns <= check.result_ns) return;
  hard_states_.count(name, result.status, plan->attempts);
  check.notes = plan->memo;
  check.result_ns = result.time_ns;
  check.speaks_upto_ns = result.time_ns + plan->lifetime_ns();
  check.status = result.status;
  check.text = view(result.text);
  show(name, check);
}

void Checks::note(const shoal_event& event) {
  constexpr std::string_view prefix = "check:";
  const auto job = view(event.job);
  if (!job.starts_with(prefix)) return;
  const std::string name(job.substr(prefix.size()));
  if (!is_configured(name)) return;
  hard_states_.tell(name, event);
  if (const auto found = checks_.find(name); found != checks_.end()) show(name, found->second);
}

void Checks::show(const std::string& name, Check& check) {
  check.hard = hard_states_.of(name);
  check.output = output_of(check.status, check.text, check.hard);
}

}  // namespace shoal::consul
