// How the command of a section becomes the words of a program. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace shoal::run {

struct CommandLine {
  std::vector<std::string> words;
  // To be started instead when the first of the words is not along PATH; empty: nothing. A string
  // of plain words may still begin with something only the shell knows.
  std::vector<std::string> shell_words;
};

// With a user, the command is run by sudo in the very form that mackerel-agent uses, because
// sudoers files name it.
CommandLine command_line(const config::Command& command, const std::string& user);

// Whether a shell would do nothing with `text` but split it at blanks and run the first word.
bool is_plain_words(std::string_view text);

}  // namespace shoal::run
