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
    throw Error(fmt::format(
        "socket {}: another agent listens there; stop it or give this one another --socket", path));
  }
  remove_left_socket(path);
}

// Restores the mask whatever happens.
class Umask {
 public:
  explicit Umask(mode_t mask) : old_(::umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { ::umask(old_); }

 private:
  mode_t old_;
};

}  // namespace

void listen(net::ServerSocket& socket, const ListenAddress& address) {
  const auto where = socket_address(address);
  if (!address.path.empty()) make_room(address.path, where);
  try {
    const Umask private_socket(0117);
    // An address that was in use until now is free again at once.
    socket.bind(where, address.path.empty());
    socket.listen(256);
    socket.setBlocking(false);
  } catch (const Poco::Exception& error) {
    throw Error(fmt::format("socket {}: cannot listen: {}", to_text(address), error.displayText()));
  }
}

}  // namespace shoal::http
