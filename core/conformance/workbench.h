// What most tests begin with: the plugin loaded into this process, and a host for it. Belongs to
// the test's main thread.
#pragma once

#include "conformance/driven_instance.h"
#include "conformance/host.h"

namespace shoal::conformance {

class Workbench {
 public:
  explicit Workbench(Trial& trial, HostSettings settings = {});

  Trial& trial() { return trial_; }
  Host& host() { return host_; }
  const shoal_plugin& plugin() const { return *plugin_; }

  // A context of its own for each instance, with the working options unless told otherwise.
  Context& context();
  Context& context(const std::string& options_json);

  // Create, start, rounds, stop, destroy. False when create() fails: then the rest is left out.
  bool live(Context& context, int rounds, const CallSettings& settings = {});
  bool live(int rounds, const CallSettings& settings = {}) {
    return live(context(), rounds, settings);
  }

 private:
  Trial& trial_;
  Host host_;
  const shoal_plugin* plugin_;
  int instances_ = 0;
};

}  // namespace shoal::conformance
