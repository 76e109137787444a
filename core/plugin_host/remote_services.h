// What the plugin host lends to its plugin: the agent's own services, asked for over the socket.
// Thread-safe; calls block for the agent's answer.
#pragma once

#include "plugin/http.h"
#include "plugin/identity.h"
#include "plugin/plugin_log.h"
#include "plugin/state.h"
#include "plugin_host/agent_link.h"

namespace shoal::plugin_host {

class RemoteServices final : public plugin::PluginLog,
                             public plugin::State,
                             public plugin::Http,
                             public plugin::Identity {
 public:
  explicit RemoteServices(AgentLink& agent) : agent_(agent) {}

  void write(std::uint32_t level, std::string_view job, std::string_view line) override;

  std::optional<std::string> get(std::string_view job, std::string_view key) override;
  void put(std::string_view job, std::string_view key, std::string_view value) override;
  void remove(std::string_view job, std::string_view key) override;

  // The agent keeps to the call's deadline and cancel flag, which it has itself.
  plugin::HttpOutcome request(const plugin::HttpRequest& request, SteadyTime deadline,
                              const std::atomic<std::uint32_t>& cancel) override;

  std::string host_name() override;
  std::optional<std::string> host_id(std::string_view output) override;
  void set_host_id(std::string_view output, std::string_view id) override;
  std::string host_spec_json() override;
  std::string jobs_json() override;

 private:
  // The answer's value; empty if there is none. Throws Error with the agent's reason.
  std::optional<std::string> ask(plugin::wire::Service service, std::string_view key = {},
                                 std::string_view value = {});

  AgentLink& agent_;
};

}  // namespace shoal::plugin_host
