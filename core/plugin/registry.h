// Finds plugins by kind and name or by path, says what they are without running them, and makes
// instances of them. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "plugin/bundle.h"
#include "plugin/context.h"
#include "plugin/crash_log.h"
#include "plugin/crash_marker.h"
#include "plugin/host_table.h"
#include "plugin/instance.h"
#include "plugin/manifest.h"
#include "plugin/patient_maker.h"
#include "plugin/services.h"
#include "plugin/suspects.h"

namespace shoal::plugin {

struct Examined;
struct Launch;

struct Description {
  std::string file;
  std::string content;  // SHA-256 of its bytes, in hex: tells whether the file has changed
  Manifest manifest;
};

// One file of a plugin directory: a manifest, or why there is none.
struct Listing {
  std::string file;
  std::optional<Manifest> manifest;
  std::string fault;  // as PluginError says it, without the file in front
};

struct InstanceSettings {
  std::string job;                  // "metric:nginx"; for messages and as the name of its state
  std::string options_json = "{}";  // as configured; checked here again, defaults filled in
  std::chrono::milliseconds interval{60'000};
  std::string metric_prefix;
  std::string custom_identifier;
  bool is_host_metric = false;
  std::string output;  // outputs: the configured name, under which a receiver's host id is kept

  // Automatic: inline for the build's own plugins, else a process of its own. The rest is for a
  // process only.
  config::Isolation isolation = config::Isolation::automatic;
  std::string user;
  config::Environment env;
  std::optional<std::uint64_t> memory_limit_bytes;
  bool has_call_filter = false;  // gives it a process, unless inline is asked for
  // A plugin whose process dies in create() is tried again later instead of refused; one that
  // breaks the contract there inline gets a process.
  bool may_crash = false;
};

class Registry {
 public:
  struct Settings {
    // Searched in this order for KIND/NAME.so. The first is the agent's own: only plugins from it
    // may speak for the host.
    std::vector<std::string> plugin_dirs;
    std::string copy_dir;         // private; copies of what was loaded
    std::string host_program;     // shoal-plugin-host; empty: everything runs inline, for tests
    CrashLog* crashes = nullptr;  // borrowed; null: crashes are logged only
    const Suspects* suspects = nullptr;  // borrowed; these get a process whatever is configured
    CrashMarker* marker = nullptr;       // borrowed; null: whoever takes us down goes unnamed
  };
  Registry(Settings settings, const Services& services);

  // What is called `name` (or stands at that path, if it has a slash), a shared object or a wire
  // plugin, after all checks of its file that need no child process. Runs no byte of it. Throws
  // PluginError.
  Description describe(Kind kind, const std::string& name) const;
  // The same for a file of whatever kind.
  Description describe(const std::string& path) const;

  // Asks the dynamic linker too, in a child process. Throws PluginError. create() does this itself
  // when it sees a file for the first time.
  void check_linkage(const Description& description) const;

  // All files of all plugin directories, in order of kind and name.
  std::vector<Listing> list() const;

  // Loads the plugin, if it is not, and makes an instance. Blocks for the plugin's create(), inline
  // for 10 s at most. Throws PluginError: the file's fault, options ("FILE: options: /uri: ..."),
  // or what create() said.
  std::shared_ptr<Instance> create(Kind kind, const std::string& name,
                                   const InstanceSettings& settings) const;

  // Whether a plugin's create() never came back to us.
  bool has_stuck() const { return maker_.has_stuck(); }

  // Removes the private copies of what is no longer run: of all but these contents.
  void remove_copies_except(const std::set<std::string>& contents) const;

 private:
  struct Found {
    std::string file;
    bool is_own = false;
    bool is_wire = false;
  };
  Found find(Kind kind, const std::string& name) const;
  void check_needs(const std::string& file, const Manifest& manifest) const;
  bool is_isolated(const Found& found, const std::string& content,
                   const InstanceSettings& settings) const;
  std::shared_ptr<Instance> create_inline(const Found& found, const Examined& examined,
                                          const std::string& content,
                                          const Context::Settings& context,
                                          const InstanceSettings& settings) const;
  Launch launch_of(const Found& found, const Examined& examined,
                   const InstanceSettings& settings) const;

  const Settings settings_;
  const std::shared_ptr<const HostTable> host_;
  const PatientMaker maker_;
  const Bundle bundle_;
};

}  // namespace shoal::plugin
