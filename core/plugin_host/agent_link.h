// The plugin host's end of the socket to its agent. One thread reads; any thread sends and asks.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

#include "plugin/wire/channel.h"
#include "plugin/wire/messages.h"

namespace shoal::plugin_host {

class AgentLink {
 public:
  explicit AgentLink(UniqueFd socket);

  // Blocks for the agent's next message, other than answers, which go to whom they are for. Empty
  // when the agent has gone. Throws WireError.
  std::optional<plugin::wire::FromAgent> next();

  // Block until the frame is written. A socket that takes nothing any more, because the agent has
  // gone or the plugin has closed it, ends the process.
  template <class Message>
  void send(const Message& message) {
    write(plugin::wire::to_json(message));
  }
  // Asks the agent and waits for its answer.
  plugin::wire::Answer ask(plugin::wire::Request request);

 private:
  void write(const std::string& json);

  plugin::wire::Channel incoming_;
  std::mutex sending_;  // guards outgoing_
  plugin::wire::Channel outgoing_;

  std::mutex asking_;  // guards all below
  std::condition_variable answered_;
  std::uint64_t last_request_ = 0;
  std::map<std::uint64_t, plugin::wire::Answer> answers_;
};

}  // namespace shoal::plugin_host
