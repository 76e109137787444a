// What a reader of configuration found wrong, in the order it was found, and the one way in which
// configtest, start and reload print it. Plain data.
#pragma once

#include <string>
#include <vector>

#include "config/settings.h"

namespace shoal::config {

// Keeps a start or a reload from going on. The text names the key first:
// "plugin.checks.web.interval: expected a duration like "30s", got "soon"".
struct Problem {
  Location where;
  std::string text;
};

struct Problems {
  std::vector<Problem> errors;
  std::vector<Warning> warnings;

  void fail(const Location& where, std::string text);
  // Someone wrote what will not be done as written.
  void warn(const Location& where, std::string text);
  // All is done as written, but it could be done better.
  void advise(const Location& where, std::string text);
};

// "conf.d/host.conf:12: plugin.metrics.nginx.interval: expected ..."
std::string to_line(const Problem& problem);
std::string to_line(const Warning& warning);

}  // namespace shoal::config
