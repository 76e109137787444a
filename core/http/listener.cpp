#include "http/listener.h"

#include <unistd.h>

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include "base/error.h"

namespace shoal::http {
namespace {

namespace net = Poco::Net;

net::SocketAddress socket_address(const ListenAddress& address) {
  try {
    return address.path.empty() ? net::SocketAddress(address.host, address.port)
                                : net::SocketAddress(net::SocketAddress::UNIX_LOCAL, address.path);
  } catch (const Poco::Exception& error) {
    throw Error(fmt::format("socket {}: {}", to_text(address), error.displayText()));
  }
}

bool is_anyone_listening(const net::SocketAddress& address) {
  try {
    net::StreamSocket probe;
    probe.connect(address);
    return true;
  } catch (const Poco::Exception&) {
    return false;
  }
}

// What a killed agent left; anything but a socket is not ours to remove.
void remove_left_socket(const std::string& path) {
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) {
    throw Error(fmt::format("socket {}: there is a file that is no socket", path));
  }
  ::unlink(path.c_str());
}

void make_room(const std::string& path, const net::SocketAddress& address) {
  if (is_anyone_listening(address)) {
    throw Error(
        fmt::format("socket {}: another agent listens there; stop it or give this one another path "
                    "(--socket, relay.listen)",
                    path));
  }
  remove_left_socket(path);
}

}  // namespace

void listen(net::ServerSocket& socket, const ListenAddress& address) {
  const auto where = socket_address(address);
  if (!address.path.empty()) make_room(address.path, where);
  try {
    // An address that was in use until now is free again at once, but is not shared.
    socket.bind(where, address.path.empty(), false);
    // Nobody can connect before listen(), so there is no moment at which others may.
    if (!address.path.empty()) ::chmod(address.path.c_str(), 0660);
    socket.listen(256);
    socket.setBlocking(false);
  } catch (const Poco::Exception& error) {
    throw Error(fmt::format("socket {}: cannot listen: {}", to_text(address), error.displayText()));
  }
}

}  // namespace shoal::http
