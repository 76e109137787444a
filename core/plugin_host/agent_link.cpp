#include "plugin_host/agent_link.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include "plugin/process/death.h"

namespace shoal::plugin_host {
namespace {

namespace wire = plugin::wire;

void wait_for(int fd, short events) {
  pollfd waiting{fd, events, 0};
  poll(&waiting, 1, -1);
}

}  // namespace

AgentLink::AgentLink(UniqueFd socket)
    : incoming_(UniqueFd(fcntl(socket.get(), F_DUPFD_CLOEXEC, 0))), outgoing_(std::move(socket)) {}

std::optional<wire::FromAgent> AgentLink::next() {
  for (;;) {
    while (auto frame = incoming_.take()) {
      auto message = wire::parse_from_agent(*frame);
      auto* answer = std::get_if<wire::Answer>(&message);
      if (answer == nullptr) return message;
      const std::lock_guard lock(asking_);
      answers_.emplace(answer->request, std::move(*answer));
      answered_.notify_all();
    }
    wait_for(incoming_.fd(), POLLIN);
    if (!incoming_.receive()) return std::nullopt;
  }
}

void AgentLink::write(const std::string& json) {
  const std::lock_guard lock(sending_);
  outgoing_.send(json);
  while (outgoing_.has_unsent()) {
    if (!outgoing_.flush()) _exit(plugin::exit_code_of_lost_socket);
    if (outgoing_.has_unsent()) wait_for(outgoing_.fd(), POLLOUT);
  }
}

wire::Answer AgentLink::ask(wire::Request request) {
  {
    const std::lock_guard lock(asking_);
    request.number = ++last_request_;
  }
  send(request);
  std::unique_lock lock(asking_);
  answered_.wait(lock, [&] { return answers_.contains(request.number); });
  return std::move(answers_.extract(request.number).mapped());
}

}  // namespace shoal::plugin_host
