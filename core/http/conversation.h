// The requests of one connection, one after another, until the peer or we have enough. For the
// connection's own thread.
#pragma once

#include <functional>

#include "http/server.h"

namespace Poco::Net {
class StreamSocket;
}

namespace shoal::http {

// What a conversation asks its server.
struct Occasion {
  std::function<bool()> is_over;     // the server ends: what was cut off is no fault of the peer's
  std::function<bool()> is_crowded;  // others wait for a connection
};

// Returns when the connection is over. `handler` is called for each request that is HTTP. The
// socket stays open.
void converse(const Poco::Net::StreamSocket& socket, const ServerSettings& settings,
              const Server::Handler& handler, const Occasion& occasion);

}  // namespace shoal::http
