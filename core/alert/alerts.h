// Check results into events: one for each change of a hard state, one for each recovery, and
// notices about a problem that lasts. What happens during a silence, while a check that it depends
// on has a problem, or while it flaps is held back, counted, and told afterwards if it still is so.
//
// Values and times come in, events come out: no clock, no threads, no disk. Not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alert/check_rules.h"
#include "alert/check_state.h"
#include "alert/moment.h"
#include "alert/silence.h"
#include "record/record.h"

namespace shoal::alert {

// What has to be saved, and what has to be told once it is.
struct Changes {
  std::vector<CheckState> states;
  std::vector<std::string> removed;  // names of checks
  std::vector<record::Event> events;

  bool empty() const { return states.empty() && removed.empty() && events.empty(); }
};

// How a check is, for people.
struct Picture {
  const CheckState& state;
  int max_attempts = 1;
  std::string silence;    // the name of the one that is on
  std::string waits_for;  // the check that it depends on and that has a problem
};

class Alerts {
 public:
  explicit Alerts(std::vector<CheckState> remembered = {});

  // Takes up what the configuration says; checks that it does not name are forgotten, but for the
  // agent's own.
  Changes configure(const std::vector<config::JobSettings>& jobs,
                    const std::vector<config::SilenceSettings>& silences, const Moment& now);
  Changes accept(const record::CheckResult& result, const Moment& now);
  // What time alone brings: reminders, results that do not come, ends of silences.
  Changes advance(const Moment& now);
  // To be advanced then; there may be nothing to do. After the wall clock was set: at once.
  std::optional<SteadyTime> next_due() const { return next_due_; }

  // Why it cannot be done goes to `fault`; empty when it is done.
  Changes acknowledge(std::string_view name, Acknowledgement acknowledgement, const Moment& now,
                      std::string& fault);
  Changes end_acknowledgement(std::string_view name, const std::string& by, const Moment& now,
                              std::string& fault);

  // Nothing if no check of that name was heard or configured.
  std::optional<Picture> picture(std::string_view name, const Moment& now) const;

 private:
  struct Check {
    CheckState state;
    CheckRules rules;
    std::vector<const Silence*> silences;  // that cover it
    std::optional<SteadyTime> heard;       // when the last result came
    // What it depends on is well again; its own next result shows what is left of its problem.
    std::optional<SteadyTime> confirmed_by;
  };
  using Checks = std::map<std::string, Check, std::less<>>;

  // Has `act` change a check, then tells what is to be told, and saves it if it changed.
  template <class Act>
  void change(Check& check, const Moment& now, Changes& changes, Act act);
  Check& find_or_add(const std::string& name, const Moment& now);
  void apply_rules(Check& check, const CheckRules& rules, const Moment& now);
  void find_silences(Check& check) const;
  void note_result(Check& check, const record::CheckResult& result, const Moment& now,
                   Changes& changes);
  void note_flapping(Check& check, bool is_change, const Moment& now, Changes& changes);
  void note_silence(Check& check, const Moment& now);
  void note_hard(Check& check, record::Status before, const Moment& now);
  void tell(Check& check, const Moment& now, Changes& changes);
  void tell_notice(Check& check, const std::string& notice, const Moment& now, Changes& changes);
  void remind(Check& check, const Moment& now, Changes& changes);
  void free_dependents(const Check& check, const Moment& now);

  const Silence* silence_of(const Check& check, WallTime now) const;
  const Check* dependency_of(const Check& check) const;
  bool is_muted(const Check& check, const Moment& now) const;
  bool is_held(const Check& check, const Moment& now) const;
  std::optional<SteadyTime> due_of(const Check& check, const Moment& now) const;

  Checks checks_;
  std::vector<Silence> silences_;
  std::optional<SteadyTime> next_due_;
};

}  // namespace shoal::alert
