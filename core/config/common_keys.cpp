#include "config/common_keys.h"

#include <fmt/core.h>

namespace shoal::config {

namespace {

std::string without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

}  // namespace

Environment read_environment(const Section& section) {
  Environment environment;
  const auto env = section.table("env");
  if (!env) return environment;
  for (const Member& member : env->table()) {
    const auto value = env->text(member.key);
    const std::string name = without_blanks(member.key);
    if (name.find('=') != std::string::npos) {
      env->fail(member.key, "expected a name without \"=\"");
    } else if (value && !name.empty()) {
      environment.emplace_back(name, *value);
    }
  }
  return environment;
}

Isolation read_isolation(const Section& section) {
  const auto word = section.word("isolation", {"inline", "process"});
  if (!word) return Isolation::automatic;
  return *word == "inline" ? Isolation::inline_ : Isolation::process;
}

bool read_seccomp(const Section& section, Isolation isolation) {
  const bool is_wanted = section.flag("seccomp").value_or(false);
  if (is_wanted && isolation == Isolation::inline_) {
    section.fail("seccomp", "needs a process of the plugin's own, and isolation is \"inline\"");
  }
  if (is_wanted && section.has("command")) {
    section.fail("seccomp", "is for plugins; a command cannot have it");
  }
  return is_wanted;
}

std::string read_metric_prefix(const Section& section) {
  constexpr std::string_view accepted =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  std::string prefix = section.text("metric_prefix").value_or("");
  if (prefix.find_first_not_of(accepted) == std::string::npos) return prefix;
  section.fail("metric_prefix",
               fmt::format("expected characters of [A-Za-z0-9_.-], got \"{}\"", prefix));
  return {};
}

}  // namespace shoal::config
