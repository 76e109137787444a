// Makes instances of plugins that run inline and that nobody here vouches for: on a thread of their
// own, so that a create() that does not end, or throws, costs the plugin and not the agent.
// Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "plugin/instance.h"

namespace shoal::plugin {

class PatientMaker {
 public:
  // What was made, or in `breach` how the plugin broke its side: it did not end in time, or threw
  // what is no PluginError. One of the two is empty.
  struct Made {
    std::shared_ptr<Instance> instance;
    std::string breach;
  };

  explicit PatientMaker(std::chrono::milliseconds patience) : patience_(patience) {}

  // Throws the PluginError that `make` throws. After a breach `make` may still run, for ever: it
  // owns all that it uses. What it makes too late is dropped on its thread.
  Made make(std::function<std::shared_ptr<Instance>()> make) const;

  // Whether some thread never came back, so that the process must end by _exit.
  bool has_stuck() const { return *running_ > 0; }

 private:
  const std::chrono::milliseconds patience_;
  const std::shared_ptr<std::atomic<int>> running_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace shoal::plugin
