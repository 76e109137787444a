// The requests of one connection, one after another, until the peer or we have enough. For the
// connection's own thread.
#pragma once

#include "http/server.h"

namespace Poco::Net {
class StreamSocket;
}

namespace shoal::http {

// Returns when the connection is over. `handler` is called for each request that is HTTP.
void converse(const Poco::Net::StreamSocket& socket, const ServerSettings& settings,
              const Server::Handler& handler);

}  // namespace shoal::http
