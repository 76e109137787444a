// What a test says while it runs, in memory that it shares with the tester: it arrives whatever
// becomes of the test's process, its descriptors and its working directory.
//
// Written by the child, from any of its threads; read by the parent once the child has ended.
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/rules.h"

namespace shoal::conformance {

struct Finding {
  Rule rule = Rule::file_refused;
  std::string text;  // what was found
};

class Blackboard {
 public:
  Blackboard();
  ~Blackboard();
  Blackboard(const Blackboard&) = delete;
  Blackboard& operator=(const Blackboard&) = delete;

  // ---- the child ----

  // Of one rule the first finding counts; a plugin repeats its faults.
  void say(Rule rule, std::string_view text);
  // What is being done to the plugin, and the rule it breaks if it dies of it.
  void begin_act(std::string_view act, Rule rule);
  void end_act();
  // The process dies now, of breaking this rule rather. Async-signal-safe.
  void die_of(Rule rule) noexcept;
  // The further tests would tell nothing.
  void give_up();
  void finish();

  // ---- the parent ----

  std::vector<Finding> findings() const;
  std::string act() const;
  Rule act_rule() const;
  bool has_given_up() const;
  bool is_finished() const;

 private:
  struct Memory;
  Memory* memory_;
  std::mutex mutex_;
  std::set<Rule> said_;
};

}  // namespace shoal::conformance
