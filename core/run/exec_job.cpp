#include "run/exec_job.h"

#include <algorithm>

namespace shoal::run {
namespace {

std::optional<Pattern> pattern(const std::optional<std::string>& text) {
  return text ? std::optional<Pattern>(*text) : std::nullopt;
}

// As mackerel-agent: blanks around a name go, a variable without a name is none.
config::Environment usable(const config::Environment& env) {
  config::Environment kept;
  for (const auto& [name, value] : env) {
    const std::size_t begin = name.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) continue;
    const std::size_t end = name.find_last_not_of(" \t\r\n");
    kept.emplace_back(name.substr(begin, end - begin + 1), value);
  }
  return kept;
}

ExecCommand exec_command(const config::Command& command, const std::string& user,
                         const config::Environment& env, std::chrono::milliseconds timeout) {
  return {.line = command_line(command, user), .env = usable(env), .timeout = timeout};
}

std::shared_ptr<CheckSamples> samples_of(const config::JobSettings& settings) {
  const bool is_check = settings.kind == config::JobKind::check;
  const bool is_wanted = is_check ? settings.has_performance_data.value_or(true)
                                  : settings.output_format == config::OutputFormat::nagios_perfdata;
  if (!is_wanted) return nullptr;
  const std::string name = name_component(settings.name);
  return std::make_shared<CheckSamples>(is_check ? "check." + name : name, settings.interval);
}

}  // namespace

std::shared_ptr<const ExecCommand> action_of(const config::JobSettings& settings) {
  if (!settings.action) return nullptr;
  const auto& [command, user, env, timeout] = *settings.action;
  return std::make_shared<const ExecCommand>(exec_command(command, user, env, timeout));
}

ExecJob exec_job(const config::JobSettings& settings) {
  return {.id = settings.id(),
          .name = settings.name,
          .kind = settings.kind,
          .command =
              exec_command(settings.command.value(), settings.user, settings.env, settings.timeout),
          .format = settings.output_format,
          .rules = {.include = pattern(settings.include_pattern),
                    .exclude = pattern(settings.exclude_pattern),
                    .use_plugin_timestamp = settings.use_plugin_timestamp,
                    .metric_prefix = settings.metric_prefix,
                    .custom_identifier = settings.custom_identifier},
          .action = action_of(settings),
          .samples = samples_of(settings)};
}

}  // namespace shoal::run
