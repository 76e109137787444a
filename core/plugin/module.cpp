#include "plugin/module.h"

#include <deque>
#include <mutex>
#include <string_view>
#include <utility>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>
#include <fmt/core.h>

#include "base/error.h"
#include "plugin/linkage.h"

namespace shoal::plugin {
namespace {

[[noreturn]] void fail(const std::string& file, std::string_view sentence) {
  throw PluginError(fmt::format("{}: {}", file, sentence));
}

// Never destroyed, so that its libraries are never unloaded.
boost::dll::shared_library& keep(boost::dll::shared_library library) {
  static auto* mutex = new std::mutex;                                  // NOLINT
  static auto* libraries = new std::deque<boost::dll::shared_library>;  // NOLINT
  const std::lock_guard lock(*mutex);
  return libraries->emplace_back(std::move(library));
}

// Calls the one function that a plugin exports. Boost says everything in one exception.
const shoal_module* ask_module(const std::string& file, const std::string& path) {
  using boost::dll::load_mode::rtld_local;
  using boost::dll::load_mode::rtld_now;
  try {
    boost::dll::shared_library library(path, rtld_now | rtld_local);
    return keep(std::move(library)).get<const shoal_module*()>("shoal_module_v1")();
  } catch (const std::exception& error) {
    auto fault = linkage_fault_in(error.what());
    if (fault.empty()) fault = fmt::format("cannot be loaded: {}", error.what());
    fail(file, fault);
  }
}

// The table of the manifest's kind is there with its function, and no other.
bool has_only(Kind kind, const shoal_plugin& plugin) {
  const int tables = (plugin.metric != nullptr ? 1 : 0) + (plugin.check != nullptr ? 1 : 0) +
                     (plugin.output != nullptr ? 1 : 0);
  if (tables != 1) return false;
  switch (kind) {
    case Kind::metric:
      return plugin.metric != nullptr && SHOAL_HAS(plugin.metric, shoal_metric, collect) &&
             plugin.metric->collect != nullptr;
    case Kind::check:
      return plugin.check != nullptr && SHOAL_HAS(plugin.check, shoal_check, check) &&
             plugin.check->check != nullptr;
    case Kind::output:
      return plugin.output != nullptr && SHOAL_HAS(plugin.output, shoal_output, deliver) &&
             plugin.output->deliver != nullptr;
  }
  return false;
}

}  // namespace

const shoal_plugin& open_module(const std::string& file, const std::string& path, Kind kind) {
  const auto* module = ask_module(file, path);
  if (module == nullptr || !SHOAL_HAS(module, shoal_module, plugin) || module->plugin == nullptr) {
    fail(file, "its shoal_module_v1() returns no plugin");
  }
  if (module->abi_major != SHOAL_ABI_MAJOR) {
    fail(file, fmt::format("its tables are of ABI {}, this agent speaks {}", module->abi_major,
                           SHOAL_ABI_MAJOR));
  }
  const auto& plugin = *module->plugin;
  if (!SHOAL_HAS(&plugin, shoal_plugin, output)) fail(file, "its plugin table is too short");
  if (plugin.create == nullptr || plugin.destroy == nullptr) {
    fail(file, "its plugin table lacks create() or destroy()");
  }
  if (!has_only(kind, plugin)) {
    fail(file,
         fmt::format("its manifest says {}, its tables do not say just that", kind_name(kind)));
  }
  return plugin;
}

}  // namespace shoal::plugin
