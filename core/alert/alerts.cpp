#include "alert/alerts.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "alert/wording.h"

namespace shoal::alert {
namespace {

using record::Status;

// The agent speaks of itself by results of this name; no section names it.
constexpr std::string_view own_check = "shoal";
// Who is asked so late was asleep, and so were the checks.
constexpr std::chrono::seconds punctual{10};

SteadyTime steady(WallTime time, const Moment& now) {
  return now.steady + std::max<std::chrono::nanoseconds>(time - now.wall, {});
}

void keep_earlier(std::optional<SteadyTime>& earliest, const std::optional<SteadyTime>& time) {
  if (time && (!earliest || *time < *earliest)) earliest = time;
}

std::optional<WallTime> reminder_due(const CheckState& state, const CheckRules& rules) {
  const Standing& standing = state.standing;
  const bool is_told_problem = standing.told != Status::ok && standing.told == standing.hard;
  if (!is_told_problem || !rules.notification_interval || state.acknowledgement) {
    return std::nullopt;
  }
  return standing.told_at + *rules.notification_interval;
}

}  // namespace

Alerts::Alerts(std::vector<CheckState> remembered) {
  for (CheckState& state : remembered) {
    const std::string name = state.name;
    checks_[name].state = std::move(state);
  }
}

template <class Act>
void Alerts::change(Check& check, const Moment& now, Changes& changes, Act act) {
  const Standing before = check.state.standing;
  const auto acknowledgement = check.state.acknowledgement;
  act();
  tell(check, now, changes);
  remind(check, now, changes);
  keep_earlier(next_due_, due_of(check, now));
  const bool is_same =
      check.state.standing == before && check.state.acknowledgement == acknowledgement;
  if (!is_same) changes.states.push_back(check.state);
  if (before.hard != Status::ok && !check.state.is_problem()) free_dependents(check, now);
}

Changes Alerts::configure(const std::vector<config::JobSettings>& jobs,
                          const std::vector<config::SilenceSettings>& silences, const Moment& now) {
  silences_.clear();
  for (const auto& silence : silences) silences_.emplace_back(silence);
  Checks before = std::exchange(checks_, {});
  for (const config::JobSettings& job : jobs) {
    if (job.kind != config::JobKind::check) continue;
    const auto known = before.find(job.name);
    if (known != before.end()) checks_.insert(before.extract(known));
    apply_rules(find_or_add(job.name, now), rules_of(job), now);
  }
  if (const auto own = before.find(own_check); own != before.end()) {
    apply_rules(checks_.insert(before.extract(own)).position->second, {}, now);
  }
  Changes changes = advance(now);
  for (const auto& [name, check] : before) changes.removed.push_back(name);
  return changes;
}

void Alerts::apply_rules(Check& check, const CheckRules& rules, const Moment& now) {
  check.rules = rules;
  find_silences(check);
  Standing& standing = check.state.standing;
  if (!rules.detects_flapping) {
    standing.flapping = {};
    standing.is_flapping_told = false;
  }
  if (check.heard) return;
  check.heard = now.steady;
  const bool is_held_back = standing.hard != standing.told;
  if (is_held_back && !rules.depends_on.empty()) check.confirmed_by = now.steady + rules.round;
}

void Alerts::find_silences(Check& check) const {
  check.silences.clear();
  for (const Silence& silence : silences_) {
    if (silence.covers(check.state.job())) check.silences.push_back(&silence);
  }
}

Alerts::Check& Alerts::find_or_add(const std::string& name, const Moment& now) {
  const auto [found, is_new] = checks_.try_emplace(name);
  Check& check = found->second;
  if (is_new) {
    check.state.name = name;
    check.heard = now.steady;
    find_silences(check);
  }
  return check;
}

Changes Alerts::accept(const record::CheckResult& result, const Moment& now) {
  Changes changes;
  Check& check = find_or_add(result.name, now);
  change(check, now, changes, [&] { note_result(check, result, now, changes); });
  return changes;
}

void Alerts::note_result(Check& check, const record::CheckResult& result, const Moment& now,
                         Changes& changes) {
  Standing& standing = check.state.standing;
  const Status before = standing.hard;
  const bool is_change = standing.status_since != WallTime{} && standing.status != result.status;
  check.heard = now.steady;
  check.state.text = result.text;
  if (check.rules.detects_flapping) note_flapping(check, is_change, now, changes);
  if (take(standing, check.rules, result.status, result.time)) note_hard(check, before, now);
  if (standing.hard == result.status) check.confirmed_by.reset();
}

// Before the result counts: the notice is about the state that was told.
void Alerts::note_flapping(Check& check, bool is_change, const Moment& now, Changes& changes) {
  Standing& standing = check.state.standing;
  const auto turn = standing.flapping.note(is_change);
  if (turn == Flapping::Turn::none) return;
  const double percent = standing.flapping.percent();
  if (is_muted(check, now)) {
    ++standing.held_back;
  } else if (turn == Flapping::Turn::began) {
    standing.is_flapping_told = true;
    tell_notice(check, flapping_began(percent), now, changes);
  } else if (standing.is_flapping_told) {
    tell_notice(check, flapping_ended(percent), now, changes);
  }
  if (turn == Flapping::Turn::ended) standing.is_flapping_told = false;
}

void Alerts::note_hard(Check& check, Status before, const Moment& now) {
  CheckState& state = check.state;
  if (!state.is_problem() || is_worse(state.standing.hard, before)) state.acknowledgement.reset();
  if (is_held(check, now)) ++state.standing.held_back;
}

void Alerts::note_silence(Check& check, const Moment& now) {
  Standing& standing = check.state.standing;
  if (!check.rules.ttl || standing.is_stale) return;
  const auto late = now.steady - (*check.heard + *check.rules.ttl);
  if (late < late.zero()) return;
  if (late > punctual) {
    check.heard = now.steady - *check.rules.ttl + check.rules.round;
    return;
  }
  const Status before = standing.hard;
  check.state.text = silent_for(*check.rules.ttl, first_line(check.state.text));
  if (go_stale(standing, check.rules, now.wall)) note_hard(check, before, now);
}

void Alerts::tell(Check& check, const Moment& now, Changes& changes) {
  const Standing& standing = check.state.standing;
  if (standing.hard == standing.told || is_held(check, now)) return;
  changes.events.push_back(tell_change(check.state, check.rules, now.wall));
}

void Alerts::tell_notice(Check& check, const std::string& notice, const Moment& now,
                         Changes& changes) {
  changes.events.push_back(alert::tell_notice(check.state, check.rules, now.wall, notice));
}

void Alerts::remind(Check& check, const Moment& now, Changes& changes) {
  Standing& standing = check.state.standing;
  // After the wall clock was set back.
  standing.told_at = std::min(standing.told_at, now.wall);
  const auto due = reminder_due(check.state, check.rules);
  if (!due || *due > now.wall || is_held(check, now)) return;
  ++standing.notices;
  tell_notice(check, still(standing.told, now.wall - standing.since, standing.notices), now,
              changes);
}

Changes Alerts::advance(const Moment& now) {
  Changes changes;
  next_due_.reset();
  for (auto& entry : checks_) {
    Check& check = entry.second;
    change(check, now, changes, [&] {
      auto& acknowledgement = check.state.acknowledgement;
      if (acknowledgement && acknowledgement->until && *acknowledgement->until <= now.wall) {
        acknowledgement.reset();
      }
      if (check.confirmed_by && *check.confirmed_by <= now.steady) check.confirmed_by.reset();
      note_silence(check, now);
    });
  }
  return changes;
}

std::optional<SteadyTime> Alerts::due_of(const Check& check, const Moment& now) const {
  const CheckState& state = check.state;
  std::optional<SteadyTime> due;
  if (check.rules.ttl && !state.standing.is_stale) due = *check.heard + *check.rules.ttl;
  if (state.acknowledgement && state.acknowledgement->until) {
    keep_earlier(due, steady(*state.acknowledgement->until, now));
  }
  const bool is_waiting = state.standing.hard != state.standing.told;
  if (is_waiting) keep_earlier(due, check.confirmed_by);
  const auto reminder = reminder_due(state, check.rules);
  if (!is_waiting && !reminder) return due;
  if (const Silence* silence = silence_of(check, now.wall)) {
    const auto end = silence->end(now.wall);
    if (end) keep_earlier(due, steady(*end, now));
  } else if (reminder && !is_held(check, now)) {
    keep_earlier(due, steady(*reminder, now));
  }
  return due;
}

void Alerts::free_dependents(const Check& check, const Moment& now) {
  for (auto& [name, other] : checks_) {
    const auto& names = other.rules.depends_on;
    const bool depends = std::find(names.begin(), names.end(), check.state.name) != names.end();
    if (!depends || other.state.standing.hard == other.state.standing.told) continue;
    other.confirmed_by = now.steady + other.rules.round;
    keep_earlier(next_due_, other.confirmed_by);
  }
}

const Silence* Alerts::silence_of(const Check& check, WallTime now) const {
  const auto found = std::find_if(check.silences.begin(), check.silences.end(),
                                  [now](const Silence* silence) { return silence->is_on(now); });
  return found == check.silences.end() ? nullptr : *found;
}

const Alerts::Check* Alerts::dependency_of(const Check& check) const {
  for (const std::string& name : check.rules.depends_on) {
    const auto found = checks_.find(name);
    if (found != checks_.end() && found->second.state.is_problem()) return &found->second;
  }
  return nullptr;
}

bool Alerts::is_muted(const Check& check, const Moment& now) const {
  return check.confirmed_by || dependency_of(check) != nullptr ||
         silence_of(check, now.wall) != nullptr;
}

bool Alerts::is_held(const Check& check, const Moment& now) const {
  return check.state.standing.flapping.is_on() || is_muted(check, now);
}

Changes Alerts::acknowledge(std::string_view name, Acknowledgement acknowledgement,
                            const Moment& now, std::string& fault) {
  Changes changes;
  const auto found = checks_.find(name);
  if (found == checks_.end()) {
    fault = fmt::format("check:{}: there is no such check", name);
  } else if (!found->second.state.is_problem()) {
    fault = fmt::format("check:{} has no problem that could be acknowledged", name);
  } else {
    Check& check = found->second;
    change(check, now, changes, [&] {
      check.state.acknowledgement = std::move(acknowledgement);
      if (is_held(check, now)) return;
      tell_notice(check, acknowledged(*check.state.acknowledgement), now, changes);
    });
  }
  return changes;
}

Changes Alerts::end_acknowledgement(std::string_view name, const std::string& by, const Moment& now,
                                    std::string& fault) {
  Changes changes;
  const auto found = checks_.find(name);
  if (found == checks_.end()) {
    fault = fmt::format("check:{}: there is no such check", name);
  } else if (!found->second.state.acknowledgement) {
    fault = fmt::format("check:{} is not acknowledged", name);
  } else {
    Check& check = found->second;
    change(check, now, changes, [&] {
      check.state.acknowledgement.reset();
      if (is_held(check, now)) return;
      tell_notice(check, "acknowledgement removed by " + by, now, changes);
    });
  }
  return changes;
}

std::optional<Picture> Alerts::picture(std::string_view name, const Moment& now) const {
  const auto found = checks_.find(name);
  if (found == checks_.end()) return std::nullopt;
  const Check& check = found->second;
  const Silence* silence = silence_of(check, now.wall);
  const Check* dependency = dependency_of(check);
  return Picture{.state = check.state,
                 .max_attempts = check.rules.max_attempts,
                 .silence = silence == nullptr ? "" : silence->name(),
                 .waits_for = dependency == nullptr ? "" : dependency->state.job()};
}

}  // namespace shoal::alert
