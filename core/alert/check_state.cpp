#include "alert/check_state.h"

#include <algorithm>

#include <fmt/core.h>

#include "alert/wording.h"
#include "base/time_text.h"

namespace shoal::alert {
namespace {

using record::Status;

void note(Standing& standing, Status status, WallTime time) {
  const bool is_first = standing.status_since == WallTime{};
  if (!is_first && standing.status == status) return;
  standing.status = status;
  standing.status_since = time;
  if (is_first && status == Status::ok) standing.since = standing.hard_since = time;
}

void harden(Standing& standing, WallTime time) {
  standing.hard = standing.status;
  standing.since = standing.status_since;
  standing.hard_since = time;
  standing.recoveries = 0;
}

bool take_ok(Standing& standing, const CheckRules& rules, WallTime time) {
  if (standing.hard == Status::ok) {
    standing.attempts = 0;
    return false;
  }
  if (++standing.recoveries < rules.recovery_attempts) return false;
  harden(standing, time);
  standing.attempts = 0;
  return true;
}

int severity(Status status) {
  switch (status) {
    case Status::ok:
      return 0;
    case Status::warning:
      return 1;
    case Status::unknown:
      return 2;
    case Status::critical:
      return 3;
  }
  return 2;
}

std::vector<record::Label> links_of(const CheckRules& rules) {
  if (rules.memo.empty()) return {};
  return {{"memo", rules.memo}};
}

// What all events have in common.
record::Event event_of(CheckState& state, const CheckRules& rules, WallTime now) {
  Standing& standing = state.standing;
  const std::string key =
      fmt::format("{}@{}", state.job(), rfc3339(standing.incident.value_or(standing.since)));
  standing.told_at = now;
  return {.id = fmt::format("{}/{}", key, ++standing.events),
          .job = state.job(),
          .time = now,
          .from = standing.told,
          .to = standing.told,
          .since = standing.since,
          .dedupe_key = key,
          .links = links_of(rules)};
}

}  // namespace

bool take(Standing& standing, const CheckRules& rules, Status status, WallTime time) {
  note(standing, status, time);
  standing.is_stale = false;
  if (status == Status::ok) return take_ok(standing, rules, time);
  standing.recoveries = 0;
  standing.attempts = std::min(standing.attempts + 1, rules.max_attempts);
  const bool is_hard = standing.hard != Status::ok || standing.attempts >= rules.max_attempts;
  if (!is_hard || standing.hard == status) return false;
  harden(standing, time);
  return true;
}

bool go_stale(Standing& standing, const CheckRules& rules, WallTime time) {
  note(standing, Status::unknown, time);
  standing.is_stale = true;
  standing.attempts = rules.max_attempts;
  if (standing.hard == Status::unknown) return false;
  harden(standing, time);
  return true;
}

bool is_worse(Status to, Status from) {
  return severity(to) > severity(from);
}

record::Event tell_change(CheckState& state, const CheckRules& rules, WallTime now) {
  Standing& standing = state.standing;
  if (!standing.incident) standing.incident = standing.since;
  record::Event event = event_of(state, rules, now);
  event.time = standing.hard_since;
  event.to = standing.hard;
  event.text = state.text;
  standing.told = standing.hard;
  standing.notices = 1;
  if (standing.told == Status::ok) standing.incident.reset();
  return event;
}

record::Event tell_notice(CheckState& state, const CheckRules& rules, WallTime now,
                          const std::string& notice) {
  record::Event event = event_of(state, rules, now);
  event.text = state.text.empty() ? notice : notice + "\n" + state.text;
  return event;
}

}  // namespace shoal::alert
