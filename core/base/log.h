// The log: one global, usable from any thread. Lines go to stderr as
// "2026/01/02 15:04:05 LEVEL message", the layout mackerel-agent's log readers know.
// Messages name what they are about first ("output mackerel: ..."); secrets never go in.
#pragma once

#include <string_view>

#include <fmt/core.h>

namespace shoal::log {

enum class Level { debug, info, warning, error };

void set_level(Level level);
bool is_enabled(Level level);
// Accepts debug, info, warning (warn), error; throws Error naming these otherwise.
Level parse_level(std::string_view text);

void write(Level level, std::string_view message);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::debug))
    write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::info)) write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::warning)) {
    write(Level::warning, fmt::format(format, std::forward<Args>(args)...));
  }
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace shoal::log
