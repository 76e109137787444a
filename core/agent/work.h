// What a configuration amounts to: jobs and outputs with their plugins loaded and their instances
// made, ready to be run. Made off the loop thread, so that a reload touches no disk there; then
// handed to the pipeline whole.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "config/settings.h"
#include "plugin/manifest.h"
#include "plugin/registry.h"
#include "record/record.h"
#include "run/exec_job.h"
#include "run/plugin_runner.h"

namespace shoal::agent {

// One of the two is set: a plugin to call or a command to run.
struct Job {
  config::JobSettings settings;
  std::string content;  // hash of the plugin's file; empty for commands
  // Of the options as the plugin gets them: with the secrets that were read from files.
  std::size_t options_hash = 0;
  std::shared_ptr<run::PluginJob> plugin;
  std::shared_ptr<const run::ExecJob> command;
  std::shared_ptr<const run::ExecCommand> action;  // after each round of a plugin's check
  std::vector<record::GraphDefinition> graphs;     // of the plugin's manifest, without a time
  std::string version;                             // likewise

  // Configured alike, wherever in the files, and of the same plugin file.
  bool is_same(const Job& other) const;
  // Configured alike, another version of the plugin, or another instance of it.
  bool is_other_version(const Job& other) const;
};

struct Output {
  config::OutputSettings settings;
  std::string content;
  std::size_t options_hash = 0;
  plugin::Manifest manifest;
  std::shared_ptr<plugin::Instance> instance;

  bool is_same(const Output& other) const;
};

struct Work {
  std::vector<Job> jobs;
  std::vector<Output> outputs;
  std::vector<config::SilenceSettings> silences;
};

// Loads what `settings` name. Jobs and outputs of `running` that have not changed, neither in the
// configuration nor in the plugin's file, are taken over with their instances. Throws ConfigError
// with all problems, a line each.
Work prepare_work(const config::Settings& settings, plugin::Registry& registry,
                  const Work& running);

// Of the plugins' files, each once.
std::set<std::string> contents_of(const Work& work);

// What is wrong with the plugins and options that `settings` name, a line each, without running a
// byte of any plugin.
std::vector<std::string> plugin_faults(const config::Settings& settings,
                                       const plugin::Registry& registry);

}  // namespace shoal::agent
