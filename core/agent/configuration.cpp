#include "agent/configuration.h"

#include <unistd.h>

#include "base/log.h"

namespace shoal::agent {
namespace {

const std::string default_file = "/etc/shoal/shoal.conf";

config::Overrides overrides_of(const Arguments& arguments) {
  config::Overrides overrides{.apikey = arguments.value("apikey"),
                              .apibase = arguments.value("apibase"),
                              .root = arguments.value("root"),
                              .pidfile = arguments.value("pidfile"),
                              .plugin_dir = arguments.value("plugin-dir"),
                              .socket = arguments.value("socket")};
  if (arguments.value("role")) overrides.roles = arguments.values("role");
  if (arguments.has("verbose") || arguments.has("v")) overrides.verbose = true;
  if (arguments.value("diagnostic")) overrides.diagnostic = arguments.has("diagnostic");
  return overrides;
}

void set_log_level(const Arguments& arguments, config::Verbosity verbosity) {
  if (const auto level = arguments.value("log-level")) {
    log::set_level(log::parse_level(*level));
  } else if (verbosity == config::Verbosity::verbose) {
    log::set_level(log::Level::debug);
  } else if (verbosity == config::Verbosity::silent) {
    log::set_level(log::Level::error);
  }
}

}  // namespace

std::string main_file(const Arguments& arguments) {
  return arguments.value("conf").value_or(default_file);
}

config::ReadResult read_configuration(const Arguments& arguments) {
  const config::Overrides overrides = overrides_of(arguments);
  if (const auto file = arguments.value("conf")) return config::read(*file, overrides);
  if (::access(default_file.c_str(), F_OK) == 0) return config::read(default_file, overrides);
  return {.settings = config::embedded_default(overrides), .errors = {}};
}

config::Settings require_configuration(const Arguments& arguments) {
  config::ReadResult result = read_configuration(arguments);
  if (!result.errors.empty()) {
    std::string lines;
    for (const config::Problem& problem : result.errors) {
      lines += (lines.empty() ? "" : "\n") + config::to_line(problem);
    }
    throw ConfigError(lines);
  }
  set_log_level(arguments, result.settings.verbosity);
  for (const config::Warning& warning : result.settings.warnings) {
    log::write(warning.is_advice ? log::Level::info : log::Level::warning,
               config::to_line(warning));
  }
  return std::move(result.settings);
}

std::string history_file(const config::Settings& settings) {
  return settings.root + "/history.db";
}

}  // namespace shoal::agent
