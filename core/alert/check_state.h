// One check: what it says, which state that makes, and what people have been told of it. A state is
// soft until as many results in a row say it as its rules ask for; then it is hard.
//
// Values and pure functions; knows no clock, no silences and no other checks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "alert/check_rules.h"
#include "alert/flapping.h"
#include "base/clock.h"
#include "record/record.h"

namespace shoal::alert {

// What has to be saved when it changes.
struct Standing {
  using Status = record::Status;

  // What the check says.
  Status status = Status::ok;
  WallTime status_since;  // the first of the last results that are alike
  int attempts = 0;       // results in a row that were not OK; at most as many as it takes
  int recoveries = 0;     // OK results in a row during a problem
  bool is_stale = false;  // it is UNKNOWN because it says nothing
  Flapping flapping;

  // The state that this makes.
  Status hard = Status::ok;
  WallTime since;       // the first result that said so
  WallTime hard_since;  // when there were enough of them
  // What was told.
  Status told = Status::ok;
  WallTime told_at;
  int notices = 0;  // about the state `told`, its change included
  bool is_flapping_told = false;
  std::uint64_t events = 0;     // of this check, ever
  std::uint64_t held_back = 0;  // changes and notices that were not told when they came
  // The first result of the problem that was told first; none when all that was told is well.
  std::optional<WallTime> incident;

  bool operator==(const Standing&) const = default;
};

// Someone has seen the problem and wants no reminders.
struct Acknowledgement {
  std::string by;
  std::string comment;
  WallTime at;
  std::optional<WallTime> until;  // absent: as long as the problem lasts

  bool operator==(const Acknowledgement&) const = default;
};

struct CheckState {
  std::string name;
  Standing standing;
  std::string text;  // of the last result
  std::optional<Acknowledgement> acknowledgement;

  std::string job() const { return "check:" + name; }
  bool is_problem() const { return standing.hard != record::Status::ok; }
  // Whether the last result says something else than the hard state.
  bool is_soft() const { return standing.status != standing.hard; }
};

// What a result makes of a check; true if its hard state is another one now.
bool take(Standing& standing, const CheckRules& rules, record::Status status, WallTime time);

// Nothing was heard for too long: UNKNOWN at once, without further attempts. True if that changes
// the hard state.
bool go_stale(Standing& standing, const CheckRules& rules, WallTime time);

// Whether `to` is worse than `from`: OK, WARNING, UNKNOWN, CRITICAL.
bool is_worse(record::Status to, record::Status from);

// The event of a change from what was told to what is, which is told by it.
record::Event tell_change(CheckState& state, const CheckRules& rules, WallTime now);
// The event of a notice about the state that was told; `notice` is its first line.
record::Event tell_notice(CheckState& state, const CheckRules& rules, WallTime now,
                          const std::string& notice);

}  // namespace shoal::alert
