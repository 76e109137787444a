// Reads a configuration: the main file, the files it includes, the flags on top. Reads files and
// the environment variable MACKEREL_APIKEY; keeps nothing. One call at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/problems.h"
#include "config/settings.h"

namespace shoal::config {

// What the command line says; it wins over every file.
struct Overrides {
  std::optional<std::string> apikey;
  std::optional<std::string> apibase;
  std::optional<std::string> root;
  std::optional<std::string> pidfile;
  std::optional<std::string> plugin_dir;
  std::optional<std::string> socket;
  std::optional<std::vector<std::string>> roles;
  std::optional<bool> verbose;
  std::optional<bool> diagnostic;
};

// With errors, the settings are what could be understood and not fit to start with.
struct ReadResult {
  Settings settings;
  std::vector<Problem> errors;
};

// Names every problem of every file, file by file and line by line. A file that cannot be read is
// an error in the result.
ReadResult read(const std::string& main_file, const Overrides& overrides = {});

// As read() for a main file of this text and name; includes are not followed.
ReadResult read_text(std::string_view text, const std::string& file,
                     const Overrides& overrides = {});

// Without a file: the host's own metrics into history, the status on the local socket.
Settings embedded_default(const Overrides& overrides = {});

}  // namespace shoal::config
