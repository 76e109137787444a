// From the command line to settings: which file, which flags win, and what is said of problems.
#pragma once

#include "agent/arguments.h"
#include "config/reader.h"

namespace shoal::agent {

// The file that --conf names, or the default one, be it there or not.
std::string main_file(const Arguments& arguments);

// Reads what --conf names, else /etc/shoal/shoal.conf, else the embedded default, with the flags on
// top. Never throws because of what a file says.
config::ReadResult read_configuration(const Arguments& arguments);

// The same for commands that need it to be right: logs the warnings; throws ConfigError with every
// error, a line each.
config::Settings require_configuration(const Arguments& arguments);

// Where the history of such an agent is.
std::string history_file(const config::Settings& settings);

}  // namespace shoal::agent
