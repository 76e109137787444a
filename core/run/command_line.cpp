#include "run/command_line.h"

#include <algorithm>
#include <array>

namespace shoal::run {
namespace {

using Words = std::vector<std::string>;

// Words that shells run themselves although there may be programs of these names, which can differ
// (echo -e), or that only have an effect inside a shell.
constexpr std::array<std::string_view, 33> shell_builtins = {
    "[",      "alias", "bg",     "break", "cd",    "command", "continue", "echo",  "eval",
    "exec",   "exit",  "export", "false", "fg",    "getopts", "hash",     "jobs",  "kill",
    "printf", "pwd",   "read",   "set",   "shift", "test",    "time",     "times", "trap",
    "true",   "type",  "ulimit", "umask", "unset", "wait"};

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(" \t_-./:,@%+=").find(c) != std::string_view::npos;
}

Words split_at_blanks(std::string_view text) {
  Words words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    words.emplace_back(text.substr(0, text.find_first_of(" \t")));
    text.remove_prefix(words.back().size());
  }
}

Words shell_words(const std::string& text) {
  return {"sh", "-c", text};
}

}  // namespace

bool is_plain_words(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_plain)) return false;
  const Words words = split_at_blanks(text);
  if (words.empty() || words.front().find('=') != std::string::npos) return false;
  return std::find(shell_builtins.begin(), shell_builtins.end(), words.front()) ==
         shell_builtins.end();
}

CommandLine command_line(const config::Command& command, const std::string& user) {
  Words words = command.words.empty() ? shell_words(command.shell) : command.words;
  if (!user.empty()) {
    words.insert(words.begin(), {"sudo", "-Eu", user});
    return {.words = std::move(words)};
  }
  if (command.words.empty() && is_plain_words(command.shell)) {
    return {.words = split_at_blanks(command.shell), .shell_words = std::move(words)};
  }
  return {.words = std::move(words)};
}

}  // namespace shoal::run
