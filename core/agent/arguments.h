// The command line as values: one program with commands, flags in Go's style (-conf F) and GNU's
// (--conf=F, --conf F). Knows which flags each command takes, not what they do.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace shoal::agent {

// A command line that cannot be understood: exit code 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

struct Arguments {
  std::string command;                // "run", "plugin list"; "run" when none was given
  std::vector<std::string> operands;  // all words, of a command that hands over
  std::map<std::string, std::vector<std::string>, std::less<>> flags;  // by long name

  bool has(std::string_view flag) const;                          // given, and not as -flag=false
  std::optional<std::string> value(std::string_view flag) const;  // the last one given
  std::vector<std::string> values(std::string_view flag) const;
  bool wants_help() const { return has("help"); }
};

// Throws UsageError with what is wrong and where help is. `words` are without the program's name.
Arguments parse_arguments(const std::vector<std::string>& words);

// For `shoal --help`, and for one command.
std::string help_text();
std::string help_text(const std::string& command);

}  // namespace shoal::agent
