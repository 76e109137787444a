#include "control/checks_text.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/core.h>
#include <fmt/format.h>

#include "control/table.h"

namespace shoal::control {
namespace {

// Worst first.
constexpr std::array<std::string_view, 4> statuses{"CRITICAL", "UNKNOWN", "WARNING", "OK"};

std::size_t rank(const std::string& status) {
  return static_cast<std::size_t>(std::find(statuses.begin(), statuses.end(), status) -
                                  statuses.begin());
}

std::string summary(const std::vector<const JobStatus*>& checks) {
  std::vector<std::string> counts;
  for (const std::string_view status : statuses) {
    const auto count = std::count_if(checks.begin(), checks.end(), [status](const JobStatus* job) {
      return job->check->is_heard && job->check->status == status;
    });
    if (count > 0) counts.push_back(fmt::format("{} {}", count, status));
  }
  const auto silent = std::count_if(checks.begin(), checks.end(),
                                    [](const JobStatus* job) { return !job->check->is_heard; });
  if (silent > 0) counts.push_back(fmt::format("{} not heard yet", silent));
  return fmt::format("checks: {}\n", fmt::join(counts, ", "));
}

std::string acknowledgement(const CheckStatus& check) {
  std::string text = "acknowledged by " + check.acknowledged_by;
  if (check.acknowledged_until) text += " until " + clock_time(check.acknowledged_until);
  return check.comment.empty() ? text : text + ": " + check.comment;
}

std::string notes(const CheckStatus& check) {
  std::vector<std::string> all;
  if (check.status != check.hard_status) {
    all.push_back(check.status == "OK"
                      ? fmt::format("still {} until it stays OK", check.hard_status)
                      : fmt::format("attempt {} of {}", check.attempts, check.max_attempts));
  }
  if (check.is_acknowledged) all.push_back(acknowledgement(check));
  if (check.is_silenced) all.push_back("silenced by " + check.silence);
  if (!check.waits_for.empty()) all.push_back("waits for " + check.waits_for);
  if (check.is_flapping) all.push_back("flapping");
  if (check.held_back > 0) all.push_back(fmt::format("{} held back", check.held_back));
  return all.empty() ? "-" : fmt::format("{}", fmt::join(all, ", "));
}

bool is_of_interest(const CheckStatus& check) {
  return check.status != "OK" || check.hard_status != "OK" || check.is_silenced ||
         check.is_flapping || !check.waits_for.empty();
}

}  // namespace

std::string checks_text(const Status& status) {
  std::vector<const JobStatus*> checks;
  for (const JobStatus& job : status.jobs) {
    if (job.check) checks.push_back(&job);
  }
  if (checks.empty()) return {};
  std::string text = "\n" + summary(checks);
  std::erase_if(checks, [](const JobStatus* job) { return !is_of_interest(*job->check); });
  std::stable_sort(checks.begin(), checks.end(), [](const JobStatus* a, const JobStatus* b) {
    return rank(a->check->status) < rank(b->check->status);
  });
  if (checks.empty()) return text;
  Table table({"CHECK", "STATUS", "SINCE", "FOR", "NOTE", "TEXT"});
  for (const JobStatus* job : checks) {
    const CheckStatus& check = *job->check;
    table.add({job->id, check.status, clock_time(check.since),
               check.since ? short_duration(status.now - *check.since) : "-", notes(check),
               check.text});
  }
  return text + table.text();
}

}  // namespace shoal::control
