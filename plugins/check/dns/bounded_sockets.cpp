#include "bounded_sockets.h"

#include <cerrno>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/uio.h>

namespace shoal::dns {
namespace {

// c-ares takes all of them or none.
constexpr ares_socket_functions functions{
    [](int family, int kind, int protocol, void*) -> ares_socket_t {
      return ::socket(family, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    },
    [](ares_socket_t fd, void*) { return ::close(fd); },
    [](ares_socket_t fd, const sockaddr* peer, ares_socklen_t size, void*) {
      return ::connect(fd, peer, size);
    },
    &BoundedSockets::receive,
    [](ares_socket_t fd, const iovec* parts, int count, void*) -> ares_ssize_t {
      return ::writev(fd, parts, count);
    }};

}  // namespace

void BoundedSockets::serve(ares_channel channel) {
  ares_set_socket_functions(channel, &functions, this);
}

ares_ssize_t BoundedSockets::receive(ares_socket_t fd, void* data, size_t size, int flags,
                                     sockaddr* from, ares_socklen_t* from_size, void* self) {
  auto& reads_left = static_cast<BoundedSockets*>(self)->reads_left_;
  if (reads_left == 0) {
    errno = EAGAIN;
    return -1;
  }
  --reads_left;
  return ::recvfrom(fd, data, size, flags, from, from_size);
}

}  // namespace shoal::dns
