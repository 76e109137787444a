#include "plugin/registry.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/core.h>

#include "base/error.h"
#include "base/log.h"
#include "base/nearest.h"
#include "base/sha256.h"
#include "plugin/inline_instance.h"
#include "plugin/library.h"
#include "plugin/linkage.h"
#include "plugin/options.h"
#include "plugin/preflight.h"
#include "plugin/process/process_instance.h"
#include "plugin/wire_plugin.h"

namespace shoal::plugin {
namespace {

namespace files = std::filesystem;

// The header gives create() 5 s; who takes longer is warned about first.
constexpr std::chrono::seconds create_patience{10};

constexpr std::array kinds{Kind::metric, Kind::check, Kind::output};

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos;
}

bool exists(const std::string& file) {
  std::error_code ignored;
  return files::exists(files::symlink_status(file, ignored));
}

std::string file_of(const std::string& directory, Kind kind, const std::string& name) {
  return (files::path(directory) / kind_name(kind) / (name + ".so")).string();
}

std::string program_of(const std::string& directory, Kind kind, const std::string& name) {
  return (files::path(directory) / kind_name(kind) / name).string();
}

Examined examine_as(bool is_wire, const std::string& file) {
  return is_wire ? examine_wire(file) : examine(file);
}

// Shared objects, and programs with a manifest beside them.
std::vector<files::path> plugins_in(const std::string& directory, Kind kind) {
  std::vector<files::path> found;
  std::error_code ignored;
  for (const auto& entry :
       files::directory_iterator(files::path(directory) / kind_name(kind), ignored)) {
    const auto& path = entry.path();
    if (path.extension() == ".so" || is_wire_plugin(path.string())) found.push_back(path);
  }
  std::sort(found.begin(), found.end());
  return found;
}

void check_kind(const std::string& file, Kind wanted, Kind found) {
  if (wanted == found) return;
  throw PluginError(
      fmt::format("{}: is a plugin of kind {}, not {}", file, kind_name(found), kind_name(wanted)));
}

// "/uri: is required and missing; /prot: unknown option": all of them, for one look at the file.
std::string options_for(const std::string& file, const Manifest& manifest,
                        const std::string& written) {
  auto checked = check_options(manifest, written);
  if (checked.faults.empty()) return std::move(checked.json);
  std::string text;
  for (const auto& fault : checked.faults) {
    text += fmt::format("{}{}{}{}", text.empty() ? "" : "; ", fault.pointer,
                        fault.pointer.empty() ? "" : ": ", fault.text);
  }
  throw PluginError(fmt::format("{}: options: {}", file, text));
}

// Beside the agent's own plugins.
std::string bundle_file(const std::vector<std::string>& plugin_dirs) {
  return plugin_dirs.empty() ? std::string() : plugin_dirs.front() + "/bundled.sha256";
}

// Runtimes of other languages start threads for each processor.
Allowance allowance_of(const Launch& launch) {
  Allowance allowance{.memory_bytes = launch.memory_limit_bytes};
  if (!launch.program.empty()) allowance.threads = 256;
  return allowance;
}

Listing listing_of(const std::string& file, Kind kind) {
  try {
    auto examined = examine_as(is_wire_plugin(file), file);
    check_kind(file, kind, examined.manifest.kind);
    return {file, std::move(examined.manifest), {}};
  } catch (const PluginError& error) {
    return {file, std::nullopt, std::string(error.what()).substr(file.size() + 2)};
  }
}

}  // namespace

Registry::Registry(Settings settings, const Services& services)
    : settings_(std::move(settings)),
      host_(std::make_shared<const HostTable>(services)),
      maker_(create_patience),
      bundle_(bundle_file(settings_.plugin_dirs)) {
  remove_old_copies(settings_.copy_dir);
}

Registry::Found Registry::find(Kind kind, const std::string& name) const {
  if (is_path(name)) return {name, false, is_wire_plugin(name)};
  std::vector<std::string> known;
  std::string places;
  for (const auto& directory : settings_.plugin_dirs) {
    auto file = file_of(directory, kind, name);
    if (exists(file)) return {std::move(file), directory == settings_.plugin_dirs.front(), false};
    auto program = program_of(directory, kind, name);
    if (is_wire_plugin(program)) return {std::move(program), false, true};
    places += (places.empty() ? "" : ", ") + file;
    for (const auto& path : plugins_in(directory, kind)) known.push_back(path.stem().string());
  }
  const auto meant = nearest(name, known);
  throw PluginError(fmt::format("{}: no such {} plugin{}", places, kind_name(kind),
                                meant.empty() ? "" : fmt::format(", did you mean \"{}\"?", meant)));
}

void Registry::check_needs(const std::string& file, const Manifest& manifest) const {
  for (const auto& service : manifest.needs) {
    if (offers(host_->services(), service)) continue;
    throw PluginError(fmt::format("{}: needs {}, which this agent does not offer", file, service));
  }
}

Description Registry::describe(Kind kind, const std::string& name) const {
  auto description = describe(find(kind, name).file);
  check_kind(description.file, kind, description.manifest.kind);
  return description;
}

Description Registry::describe(const std::string& path) const {
  auto examined = examine_as(is_wire_plugin(path), path);
  check_needs(path, examined.manifest);
  return {path, sha256_hex(examined.bytes), std::move(examined.manifest)};
}

void Registry::check_linkage(const Description& description) const {
  if (is_wire_plugin(description.file)) return;
  const auto fault = linkage_fault(description.file);
  if (!fault.empty()) throw PluginError(fmt::format("{}: {}", description.file, fault));
}

std::vector<Listing> Registry::list() const {
  std::vector<Listing> all;
  for (const auto kind : kinds) {
    for (const auto& directory : settings_.plugin_dirs) {
      for (const auto& path : plugins_in(directory, kind)) {
        all.push_back(listing_of(path.string(), kind));
      }
    }
  }
  return all;
}

void Registry::remove_copies_except(const std::set<std::string>& contents) const {
  remove_unused_copies(settings_.copy_dir, contents);
}

bool Registry::is_isolated(const Found& found, const std::string& content,
                           const InstanceSettings& settings) const {
  if (settings_.host_program.empty()) return found.is_wire;
  if (found.is_wire || settings.isolation == config::Isolation::process) return true;
  if (settings_.suspects != nullptr && settings_.suspects->find(content)) return true;
  if (settings.isolation == config::Isolation::inline_) return false;
  if (settings.has_call_filter) return true;
  return !bundle_.contains(content);
}

Launch Registry::launch_of(const Found& found, const Examined& examined,
                           const InstanceSettings& settings) const {
  if (settings_.host_program.empty()) {
    throw PluginError(found.file + ": needs a process of its own, which this host does not offer");
  }
  Launch launch{.host_program = settings_.host_program,
                .file = found.file,
                .library = {},
                .program = {},
                .user = settings.user,
                .memory_limit_bytes = settings.memory_limit_bytes.value_or(default_memory_limit),
                .has_call_filter = settings.has_call_filter,
                .env = settings.env};
  if (found.is_wire) {
    launch.program = files::absolute(found.file).string();
  } else {
    launch.library = private_copy(examined, settings_.copy_dir);
  }
  return launch;
}

std::shared_ptr<Instance> Registry::create(Kind kind, const std::string& name,
                                           const InstanceSettings& settings) const {
  const auto found = find(kind, name);
  const auto& file = found.file;
  const auto examined = examine_as(found.is_wire, file);
  const auto& manifest = examined.manifest;
  check_kind(file, kind, manifest.kind);
  check_needs(file, manifest);
  auto options = options_for(file, manifest, settings.options_json);
  auto secrets = secret_values(manifest, options);

  const bool speaks_for_host =
      manifest.origin == record::Origin::host && found.is_own && settings.is_host_metric;
  Context::Settings context{
      .job = settings.job,
      .output = settings.output,
      .options_json = std::move(options),
      .series = {.origin = speaks_for_host ? record::Origin::host : record::Origin::custom,
                 .prefix = settings.metric_prefix,
                 .custom_identifier = settings.custom_identifier,
                 .interval = settings.interval}};
  const auto content = sha256_hex(examined.bytes);
  if (!is_isolated(found, content, settings)) {
    if (auto made = create_inline(found, examined, content, context, settings)) return made;
  }
  auto launch = launch_of(found, examined, settings);
  const auto allowance = allowance_of(launch);
  ProcessInstance::Settings process{.kind = kind,
                                    .launch = std::move(launch),
                                    .version = manifest.version,
                                    .secrets = std::move(secrets),
                                    .context = std::move(context),
                                    .allowance = allowance,
                                    .crashes = settings_.crashes};
  return std::make_shared<ProcessInstance>(std::move(process), host_->services(),
                                           settings.may_crash);
}

// Null for a plugin that cannot be made here and is to have a process after all: at the start,
// where there is nothing better that runs. Elsewhere it is refused.
std::shared_ptr<Instance> Registry::create_inline(const Found& found, const Examined& examined,
                                                  const std::string& content,
                                                  const Context::Settings& context,
                                                  const InstanceSettings& settings) const {
  const CrashMarker::Plugin marked{.file = found.file,
                                   .content = content,
                                   .job = settings.job,
                                   .is_bundled = bundle_.contains(content)};
  const auto make = [examined, context, marked, host = host_, marker = settings_.marker,
                     copy_dir = settings_.copy_dir]() -> std::shared_ptr<Instance> {
    auto entry = CrashMarker::enter(marker, marked);
    const auto& plugin = [&]() -> const shoal_plugin& {
      const auto visit = entry.visit(Act::load);
      return load(examined, copy_dir);
    }();
    return std::make_shared<InlineInstance>(marked.file, examined.manifest.kind, plugin, host,
                                            context, std::move(entry));
  };
  if (marked.is_bundled) return make();
  auto [instance, breach] = maker_.make(make);
  if (instance != nullptr) return instance;
  if (!settings.may_crash || settings_.host_program.empty()) {
    throw PluginError(fmt::format("{}: {}", found.file, breach));
  }
  log::error("{}: {}: {}; it gets a process of its own", settings.job, found.file, breach);
  return nullptr;
}

}  // namespace shoal::plugin
