// Alerts on a clock of the test's own, with checks as short words.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "alert/alerts.h"

namespace shoal::test {

using namespace std::chrono_literals;

// 2026-01-02 12:00:00 UTC, a Friday.
inline constexpr WallTime noon{std::chrono::sys_days{std::chrono::January / 2 / 2026} + 12h};

inline record::Status status_of(char letter) {
  switch (letter) {
    case 'O':
      return record::Status::ok;
    case 'W':
      return record::Status::warning;
    case 'C':
      return record::Status::critical;
    default:
      return record::Status::unknown;
  }
}

inline char letter_of(record::Status status) {
  return record::status_name(status)[0];
}

inline config::JobSettings check(std::string name, int attempts = 1) {
  return {.kind = config::JobKind::check,
          .name = std::move(name),
          .interval = 60s,
          .timeout = 30s,
          .max_check_attempts = attempts};
}

class Bench {
 public:
  explicit Bench(std::vector<config::JobSettings> jobs,
                 std::vector<config::SilenceSettings> silences = {},
                 std::vector<alert::CheckState> remembered = {})
      : alerts(std::move(remembered)) {
    keep(alerts.configure(jobs, silences, now()));
  }

  alert::Moment now() const { return {noon + passed, SteadyTime(1h + passed)}; }
  void pass(std::chrono::nanoseconds duration) {
    passed += duration;
    keep(alerts.advance(now()));
  }
  // A minute goes by, and the check says this.
  void say(const std::string& name, char letter, const std::string& text = "") {
    passed += 1min;
    keep(alerts.accept(
        {.name = name, .status = status_of(letter), .text = text, .time = now().wall}, now()));
  }
  void say_all(const std::string& name, const std::string& letters) {
    for (const char letter : letters) say(name, letter);
  }
  void keep(alert::Changes changes) {
    for (auto& event : changes.events) events.push_back(std::move(event));
    for (auto& state : changes.states) saved.push_back(std::move(state));
    removed.insert(removed.end(), changes.removed.begin(), changes.removed.end());
  }
  // "O>C C=C C>O": changes and notices, forgotten once they were looked at.
  std::string told() {
    std::string text;
    for (const auto& event : std::exchange(events, {})) {
      text += text.empty() ? "" : " ";
      text += letter_of(event.from);
      text += event.from == event.to ? '=' : '>';
      text += letter_of(event.to);
    }
    return text;
  }
  alert::Picture picture(const std::string& name) const { return *alerts.picture(name, now()); }

  std::chrono::nanoseconds passed{};
  alert::Alerts alerts;
  std::vector<record::Event> events;
  std::vector<alert::CheckState> saved;
  std::vector<std::string> removed;
};

}  // namespace shoal::test
