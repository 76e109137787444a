// Makes instances in processes of their own, on the machine's clock: what another process does
// takes its own time.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "plugin/crash_log.h"
#include "plugin/registry.h"
#include "plugin/state_store.h"
#include "support/temporary_directory.h"

namespace shoal::test {

struct ProcessHouse {
  TemporaryDirectory directory;
  SystemClock clock;
  plugin::StateStore state{directory.file("state.db"), clock};
  plugin::CrashLog crashes{directory.file("crash")};
  plugin::Services services{.clock = clock, .state = &state};
  plugin::Registry registry{{.plugin_dirs = {directory.file("plugins")},
                             .copy_dir = directory.file("copies"),
                             .host_program = PLUGIN_HOST,
                             .crashes = &crashes,
                             .suspects = nullptr,
                             .marker = nullptr},
                            services};

  std::shared_ptr<plugin::Instance> create(plugin::Kind kind, const std::string& file,
                                           const std::string& options = "{}",
                                           config::Isolation isolation = config::Isolation::process,
                                           bool may_crash = false) const {
    return registry.create(kind, file,
                           {.job = std::string(plugin::kind_name(kind)) + ":it",
                            .options_json = options,
                            .isolation = isolation,
                            .may_crash = may_crash});
  }

  plugin::Call call(std::chrono::milliseconds patience = std::chrono::seconds(30)) const {
    return {clock.wall(), clock.steady() + patience, 1};
  }
};

}  // namespace shoal::test
