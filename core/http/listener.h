// A listening socket, as Poco has it. Not thread-safe.
#pragma once

#include "base/listen_address.h"

namespace Poco::Net {
class ServerSocket;
}

namespace shoal::http {

// Binds `socket` and listens, non-blocking. A unix socket is 0660 from the first moment on and
// takes the place of one that nobody listens on. Throws Error that names the address.
void listen(Poco::Net::ServerSocket& socket, const ListenAddress& address);

}  // namespace shoal::http
