#include "alert/wording.h"

#include <array>
#include <cstdint>
#include <string_view>

#include <fmt/core.h>

namespace shoal::alert {

std::string in_words(std::chrono::nanoseconds duration) {
  struct Unit {
    std::string_view name;
    std::int64_t seconds;
  };
  constexpr std::array<Unit, 4> units{{{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}}};
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  for (std::size_t i = 0; i + 1 < units.size(); ++i) {
    if (seconds < units[i].seconds) continue;
    const std::int64_t rest = seconds % units[i].seconds / units[i + 1].seconds;
    const std::string text = fmt::format("{}{}", seconds / units[i].seconds, units[i].name);
    return rest == 0 ? text : fmt::format("{} {}{}", text, rest, units[i + 1].name);
  }
  return fmt::format("{}s", seconds);
}

std::string ordinal(int number) {
  const int last = number % 10;
  const bool is_teen = number / 10 % 10 == 1;
  if (last == 1 && !is_teen) return fmt::format("{}st", number);
  if (last == 2 && !is_teen) return fmt::format("{}nd", number);
  if (last == 3 && !is_teen) return fmt::format("{}rd", number);
  return fmt::format("{}th", number);
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::string still(record::Status status, std::chrono::nanoseconds lasting, int notice) {
  return fmt::format("still {} for {} ({} notice)", record::status_name(status), in_words(lasting),
                     ordinal(notice));
}

std::string acknowledged(const Acknowledgement& acknowledgement) {
  std::string text = "acknowledged by " + acknowledgement.by;
  if (acknowledgement.until)
    text += " for " + in_words(*acknowledgement.until - acknowledgement.at);
  if (!acknowledgement.comment.empty()) text += ": " + acknowledgement.comment;
  return text;
}

std::string flapping_began(double percent) {
  return fmt::format("flapping began: its last results changed at {:.0f}%; changes are held back",
                     percent);
}

std::string flapping_ended(double percent) {
  return fmt::format("flapping ended: its last results changed at {:.0f}%", percent);
}

std::string silent_for(std::chrono::nanoseconds duration, const std::string& last_text) {
  const std::string text = fmt::format("no result for {}", in_words(duration));
  return last_text.empty() ? text : fmt::format("{}; the last one: {}", text, last_text);
}

}  // namespace shoal::alert
