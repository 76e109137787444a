// A plugin directory, a clock and a registry of a test's own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "plugin/registry.h"
#include "plugin/state_store.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

namespace shoal::test {

struct PluginHouse {
  TemporaryDirectory directory;
  FakeClock clock;
  plugin::StateStore state{directory.file("state.db"), clock};
  plugin::Services services{.clock = clock, .state = &state};
  plugin::Registry registry{{.plugin_dirs = {directory.file("plugins"), directory.file("more")},
                             .copy_dir = directory.file("copies")},
                            services};

  // Puts a copy of `source` into the plugin directory as KIND/NAME.so and returns its path.
  std::string install(plugin::Kind kind, const std::string& source, const std::string& name,
                      const std::string& into = "plugins") const {
    const auto folder = directory.path() / into / plugin::kind_name(kind);
    std::filesystem::create_directories(folder);
    const auto file = folder / (name + ".so");
    std::filesystem::copy_file(source, file);
    std::filesystem::permissions(file, std::filesystem::perms(0644));
    std::filesystem::permissions(folder, std::filesystem::perms(0755));
    return file.string();
  }

  plugin::Call call(std::uint32_t attempt = 1) const {
    return {clock.wall(), clock.steady() + std::chrono::seconds(30), attempt};
  }

  // One round, and a minute passes.
  plugin::RoundReport round(plugin::Instance& instance) {
    auto report = instance.run(call());
    clock.advance(std::chrono::minutes(1));
    return report;
  }
};

// The text of the PluginError that `act` throws; empty if it does not.
template <class Act>
std::string plugin_fault(Act&& act) {
  try {
    act();
  } catch (const PluginError& error) {
    return error.what();
  }
  return {};
}

}  // namespace shoal::test
