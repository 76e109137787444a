#include "config/derivation.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "config/dependencies.h"
#include "config/host_metrics.h"
#include "config/mackerel_output.h"
#include "config/options.h"

namespace shoal::config {

namespace {

// Bit i of a route's mask stands for output i.
constexpr std::size_t most_outputs = 64;

template <class T>
void replace(T& target, const std::optional<T>& flag) {
  if (flag) target = *flag;
}

void apply_flags(const Overrides& flags, Draft& draft) {
  replace(draft.settings.root, flags.root);
  replace(draft.settings.pidfile, flags.pidfile);
  replace(draft.settings.plugin_dir, flags.plugin_dir);
  replace(draft.settings.socket, flags.socket);
  replace(draft.settings.diagnostic, flags.diagnostic);
  replace(draft.is_verbose, flags.verbose);
  if (flags.apikey) draft.apikey = Written{*flags.apikey, {}};
  if (flags.apibase) put(draft.mackerel_options, "apibase", {.content = *flags.apibase});
  if (!flags.roles) return;
  draft.roles.clear();
  for (const std::string& role : *flags.roles) draft.roles.push_back({role, {}});
}

// The environment is asked last: a file that names a key means that one.
void apply_environment(Draft& draft) {
  if (draft.apikey && !draft.apikey->text.empty()) return;
  const char* apikey = std::getenv("MACKEREL_APIKEY");
  if (apikey && *apikey) draft.apikey = Written{apikey, {}};
}

void fill(std::string& path, std::string_view fallback) {
  if (path.empty()) path = fallback;
}

bool is_mackerel_conf(const std::string& main_file) {
  return std::filesystem::path(main_file).filename() == "mackerel-agent.conf";
}

void fill_paths(const std::string& main_file, Settings& settings) {
  const bool is_mackerel = is_mackerel_conf(main_file);
  const bool has_own_root = is_mackerel || !settings.root.empty();
  fill(settings.root, is_mackerel ? "/var/lib/mackerel-agent" : "/var/lib/shoal");
  fill(settings.pidfile, is_mackerel ? "/var/run/mackerel-agent.pid" : "");
  // Nothing said means the default, as in mackerel-agent, so it takes a word to have none.
  if (settings.pidfile == "none") settings.pidfile.clear();
  fill(settings.plugin_dir, "/usr/lib/shoal/plugins");
  fill(settings.socket, has_own_root ? settings.root + "/shoal.sock" : "/run/shoal/shoal.sock");
}

Verbosity verbosity_of(const Draft& draft) {
  if (draft.is_verbose) return Verbosity::verbose;
  return draft.is_silent ? Verbosity::silent : Verbosity::normal;
}

// The agent's figures about itself, unless a section of that name says otherwise.
void complete_diagnostic(Draft& draft) {
  const std::string name = "diagnostic";
  if (!draft.settings.diagnostic || draft.metrics.contains(name)) return;
  draft.metrics[name].settings = {.name = name, .plugin = "agent"};
}

// Who switches has the metrics they had before, and no more.
void complete_checks(const std::string& main_file, Draft& draft) {
  for (auto& [name, check] : draft.checks) {
    auto& has_performance_data = check.settings.has_performance_data;
    if (!has_performance_data) has_performance_data = !is_mackerel_conf(main_file);
  }
}

void add_jobs(std::map<std::string, DraftedJob>& drafted, Settings& settings) {
  for (auto& [name, job] : drafted) {
    if (!job.is_enabled) continue;
    set_options(job.settings, job.options);
    settings.jobs.push_back(std::move(job.settings));
  }
}

void add_outputs(std::map<std::string, DraftedOutput>& drafted, Settings& settings,
                 Problems& problems) {
  for (auto& [name, output] : drafted) {
    if (!output.is_enabled) continue;
    set_options(output.settings, output.options);
    settings.outputs.push_back(std::move(output.settings));
  }
  if (settings.outputs.size() <= most_outputs) return;
  problems.fail(settings.outputs[most_outputs].where, "plugin.outputs: more than 64 outputs");
}

}  // namespace

Settings derive(Draft draft, const std::string& main_file, const Overrides& overrides,
                Problems& problems) {
  apply_flags(overrides, draft);
  apply_environment(draft);
  complete_host_metrics(draft);
  complete_diagnostic(draft);
  complete_mackerel_output(draft, problems);
  Settings settings = std::move(draft.settings);
  settings.main_file = main_file;
  settings.verbosity = verbosity_of(draft);
  fill_paths(main_file, settings);
  fill(settings.cloud_platform, "auto");
  check_dependencies(draft, problems);
  complete_checks(main_file, draft);
  add_jobs(draft.host_metrics, settings);
  add_jobs(draft.metrics, settings);
  add_jobs(draft.checks, settings);
  add_jobs(draft.metadata, settings);
  add_outputs(draft.outputs, settings, problems);
  if (settings.relay && settings.outputs.empty()) {
    problems.advise(settings.relay->where,
                    "relay: there is no output; what is said to it will be refused");
  }
  for (auto& [name, silence] : draft.silences) settings.silences.push_back(std::move(silence));
  return settings;
}

}  // namespace shoal::config
