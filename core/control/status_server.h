// The agent's door: HTTP over a unix socket of mode 0660, also for curl --unix-socket. GET /status,
// /check/NAME; POST /reload, /ack and others. Accepts on the loop thread, answers each connection
// on a thread of its own; the handler is called there and must be thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/event_loop.h"
#include "http/server.h"

namespace shoal::control {

using Answer = http::Answer;

class StatusServer {
 public:
  // `path` is the request path without a query, `body` what was sent with it, up to 64 KiB.
  using Handler =
      std::function<Answer(std::string_view method, std::string_view path, std::string_view body)>;

  // Listens at `socket_path`, replacing a socket nobody listens on. Throws Error when another agent
  // listens there or the path cannot be used.
  StatusServer(EventLoop& loop, std::string socket_path, Handler handler);

  const std::string& socket_path() const;

 private:
  http::Server server_;
};

// Asks a running agent. Throws Error that names the socket when no agent listens there.
Answer ask(const std::string& socket_path, const std::string& method, const std::string& path,
           const std::string& body = {});

}  // namespace shoal::control
