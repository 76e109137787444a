// One test while it runs, in its child process: what it examines, where it says what it finds, and
// its source of chance. Findings may be said from any thread; the rest belongs to the main one.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "conformance/blackboard.h"
#include "conformance/subject.h"

namespace shoal::conformance {

class Trial {
 public:
  Trial(Blackboard& board, const Subject& subject)
      : board_(board), subject_(subject), random_(subject.seed) {}

  const Subject& subject() const { return subject_; }

  template <class... Args>
  void find(Rule rule, fmt::format_string<Args...> format, Args&&... args) {
    board_.say(rule, fmt::format(format, std::forward<Args>(args)...));
  }

  // Says what is special about the acts that follow ("with a larger host table"), and which rule it
  // breaks if the plugin dies of it.
  void under(Rule rule, std::string circumstances = {}) {
    rule_ = rule;
    circumstances_ = std::move(circumstances);
  }
  const std::string& circumstances() const { return circumstances_; }
  Rule rule() const { return rule_; }

  void begin_act(const std::string& act) {
    board_.begin_act(circumstances_.empty() ? act : act + " " + circumstances_, rule_);
  }
  void end_act() { board_.end_act(); }
  // Without this, the further tests would tell nothing.
  void give_up() { board_.give_up(); }

  // From 0 to `count` - 1.
  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }
  std::mt19937_64& random() { return random_; }

 private:
  Blackboard& board_;
  const Subject& subject_;
  std::mt19937_64 random_;
  Rule rule_ = Rule::lifetime_crash;
  std::string circumstances_;
};

// Makes the death of this process by a touch of lent memory tell its rule.
void watch_lent_memory(Blackboard& board);

}  // namespace shoal::conformance
