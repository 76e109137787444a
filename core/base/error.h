// The exceptions of shoal: for a broken configuration and a broken system. Expected outcomes are
// values. Caught in four places only: main, Agent::reload, the body of each thread, the SDK's
// guard.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace shoal {

// Text is for the person who must act: where, what was expected, what was found; lower case, no
// period.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Always begins "file:line: key:" as far as these are known.
class ConfigError : public Error {
 public:
  using Error::Error;
};

// Always begins with the plugin's file.
class PluginError : public Error {
 public:
  using Error::Error;
};

// Throws std::system_error for the present errno; `what` names the act and its object ("open
// /path").
[[noreturn]] void throw_errno(std::string_view what);
[[noreturn]] void throw_errno(std::string_view what, int error);

// The words for an errno value, as strerror but thread-safe.
std::string errno_text(int error);

}  // namespace shoal
