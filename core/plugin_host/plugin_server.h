// The one plugin of this process at the agent's service: a call comes in, its answer goes out.
// run() reads on the thread that calls it; the plugin is called on a thread of its own, so that a
// cancel, or the agent's end, is seen while a call runs.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "plugin/hosted_plugin.h"
#include "plugin_host/agent_link.h"
#include "plugin_host/remote_services.h"

namespace shoal::plugin_host {

class PluginServer {
 public:
  // `library` is the path to map; the agent has examined what is there.
  PluginServer(AgentLink& agent, std::string library);

  // Serves until the agent has gone, then ends the process: a plugin that is still in a call could
  // not be stopped otherwise.
  [[noreturn]] void run();

 private:
  using Task = std::variant<plugin::wire::Create, plugin::wire::Begin>;

  // The reading thread.
  void hand_over(Task task);
  void cancel(std::uint64_t call);
  [[noreturn]] void leave();

  // The calling thread.
  void work();
  void serve(const plugin::wire::Create& create);
  void serve(const plugin::wire::Begin& begin);
  void serve_delivery(const plugin::wire::Begin& begin, const plugin::Call& call);
  void answer(const plugin::wire::Begin& begin, plugin::HostedPlugin::Answer answer);
  void send_samples(std::uint64_t call, const plugin::Context::Said& said);

  AgentLink& agent_;
  const std::string library_;
  RemoteServices services_;
  const SystemClock clock_;
  std::shared_ptr<const plugin::HostTable> host_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::optional<Task> task_;
  std::uint64_t running_ = 0;                     // id of the present call; 0: none
  std::unique_ptr<plugin::HostedPlugin> plugin_;  // set once, by the calling thread
};

}  // namespace shoal::plugin_host
