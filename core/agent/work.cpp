#include "agent/work.h"

#include <algorithm>
#include <functional>

#include <fmt/core.h>

#include "base/error.h"
#include "plugin/options.h"

namespace shoal::agent {
namespace {

// Gathers what is wrong with each section, so that all of it is named.
class Faults {
 public:
  template <class Section, class Body>
  void guard(const Section& section, Body body) {
    try {
      body();
    } catch (const Error& error) {
      lines_.push_back(fmt::format("{}: {}", config::to_text(section.where), error.what()));
    }
  }
  void add(const std::string& line) { lines_.push_back(line); }
  const std::vector<std::string>& lines() const { return lines_; }

  void throw_if_any() const {
    if (lines_.empty()) return;
    std::string text;
    for (const std::string& line : lines_) text += (text.empty() ? "" : "\n") + line;
    throw ConfigError(text);
  }

 private:
  std::vector<std::string> lines_;
};

template <class Settings>
std::string key_of(const Settings& settings, const std::string& pointer) {
  std::string key = settings.name + ".options" + pointer;
  std::replace(key.begin(), key.end(), '/', '.');
  return key;
}

// Where an option stands: its own line, or that of the nearest one around it that has a line.
template <class Settings>
config::Location location_of(const Settings& settings, std::string pointer) {
  while (!pointer.empty()) {
    const auto found = settings.option_lines.find(pointer);
    if (found != settings.option_lines.end()) return {settings.where.file, found->second};
    pointer.erase(pointer.rfind('/'));
  }
  return settings.where;
}

// A hash of the options as the plugin gets them.
template <class Settings>
std::size_t check_options(const Settings& settings, const plugin::Manifest& manifest,
                          Faults& faults) {
  const plugin::CheckedOptions checked = plugin::check_options(manifest, settings.options_json);
  for (const plugin::OptionFault& fault : checked.faults) {
    faults.add(fmt::format("{}: {}: {}", config::to_text(location_of(settings, fault.pointer)),
                           key_of(settings, fault.pointer), fault.text));
  }
  return std::hash<std::string>{}(checked.json);
}

plugin::Kind plugin_kind(config::JobKind kind) {
  return kind == config::JobKind::check ? plugin::Kind::check : plugin::Kind::metric;
}

// What jobs and outputs have in common. A plugin that dies when it is made must not keep the agent
// from starting; a reload it must: there is something better that runs.
template <class Settings>
plugin::InstanceSettings common_settings(const Settings& settings, const Work& running) {
  plugin::InstanceSettings common;
  common.options_json = settings.options_json;
  common.isolation = settings.isolation;
  common.user = settings.user;
  common.env = settings.env;
  common.memory_limit_bytes = settings.memory_limit_bytes;
  common.has_call_filter = settings.has_seccomp;
  common.may_crash = running.jobs.empty() && running.outputs.empty();
  return common;
}

plugin::InstanceSettings instance_settings(const config::JobSettings& settings,
                                           const Work& running) {
  auto instance = common_settings(settings, running);
  instance.job = settings.id();
  instance.interval = settings.interval;
  instance.metric_prefix = settings.metric_prefix;
  instance.custom_identifier = settings.custom_identifier;
  instance.is_host_metric = settings.is_host_metric;
  return instance;
}

plugin::InstanceSettings instance_settings(const config::OutputSettings& settings,
                                           const Work& running) {
  auto instance = common_settings(settings, running);
  instance.job = "output:" + settings.name;
  instance.output = settings.name;
  return instance;
}

std::vector<record::GraphDefinition> graphs_of(const config::JobSettings& settings,
                                               const plugin::Manifest& manifest) {
  // Receivers know the host's own graphs already.
  if (settings.is_host_metric) return {};
  std::vector<record::GraphDefinition> graphs = manifest.graphs;
  if (settings.metric_prefix.empty()) return graphs;
  for (auto& graph : graphs) graph.name = settings.metric_prefix + "." + graph.name;
  return graphs;
}

template <class Section>
const Section* find_same(const std::vector<Section>& running, const Section& wanted) {
  const auto found = std::find_if(running.begin(), running.end(),
                                  [&](const Section& one) { return one.is_same(wanted); });
  return found == running.end() ? nullptr : &*found;
}

Job prepare_job(const config::JobSettings& settings, plugin::Registry& registry,
                const Work& running, Faults& faults) {
  Job job{.settings = settings};
  if (settings.command) {
    job.command = std::make_shared<const run::ExecJob>(run::exec_job(settings));
  } else {
    const auto kind = plugin_kind(settings.kind);
    const plugin::Description description = registry.describe(kind, settings.plugin);
    job.options_hash = check_options(settings, description.manifest, faults);
    job.content = description.content;
    job.graphs = graphs_of(settings, description.manifest);
    job.version = description.manifest.version;
    if (settings.kind == config::JobKind::check) job.action = run::action_of(settings);
  }
  if (const Job* same = find_same(running.jobs, job)) return *same;
  if (!settings.command && faults.lines().empty()) {
    job.plugin = std::make_shared<run::PluginJob>(
        run::PluginJob{.id = settings.id(),
                       .instance = registry.create(plugin_kind(settings.kind), settings.plugin,
                                                   instance_settings(settings, running)),
                       .timeout = settings.timeout});
  }
  return job;
}

Output prepare_output(const config::OutputSettings& settings, plugin::Registry& registry,
                      const Work& running, Faults& faults) {
  const auto description = registry.describe(plugin::Kind::output, settings.plugin);
  Output output{
      .settings = settings, .content = description.content, .manifest = description.manifest};
  output.options_hash = check_options(settings, description.manifest, faults);
  if (const Output* same = find_same(running.outputs, output)) return *same;
  if (faults.lines().empty()) {
    output.instance = registry.create(plugin::Kind::output, settings.plugin,
                                      instance_settings(settings, running));
  }
  return output;
}

}  // namespace

bool Job::is_same(const Job& other) const {
  return content == other.content && options_hash == other.options_hash &&
         config::is_same_work(settings, other.settings);
}

bool Job::is_other_version(const Job& other) const {
  return plugin != nullptr && other.plugin != nullptr &&
         config::is_same_work(settings, other.settings);
}

bool Output::is_same(const Output& other) const {
  return content == other.content && options_hash == other.options_hash &&
         config::is_same_work(settings, other.settings);
}

Work prepare_work(const config::Settings& settings, plugin::Registry& registry,
                  const Work& running) {
  Work work{.silences = settings.silences};
  Faults faults;
  for (const config::JobSettings& job : settings.jobs) {
    faults.guard(job, [&] { work.jobs.push_back(prepare_job(job, registry, running, faults)); });
  }
  for (const config::OutputSettings& output : settings.outputs) {
    faults.guard(
        output, [&] { work.outputs.push_back(prepare_output(output, registry, running, faults)); });
  }
  faults.throw_if_any();
  return work;
}

std::set<std::string> contents_of(const Work& work) {
  std::set<std::string> contents;
  for (const Job& job : work.jobs) {
    if (!job.content.empty()) contents.insert(job.content);
  }
  for (const Output& output : work.outputs) contents.insert(output.content);
  return contents;
}

std::vector<std::string> plugin_faults(const config::Settings& settings,
                                       const plugin::Registry& registry) {
  Faults faults;
  const auto check = [&](const auto& section, plugin::Kind kind) {
    faults.guard(section, [&] {
      const plugin::Description description = registry.describe(kind, section.plugin);
      check_options(section, description.manifest, faults);
      registry.check_linkage(description);
    });
  };
  for (const config::JobSettings& job : settings.jobs) {
    // One that names neither has been told so already.
    if (!job.command && !job.plugin.empty()) check(job, plugin_kind(job.kind));
  }
  for (const config::OutputSettings& output : settings.outputs) {
    check(output, plugin::Kind::output);
  }
  return faults.lines();
}

}  // namespace shoal::agent
