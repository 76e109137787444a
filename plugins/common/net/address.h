// Where a socket leads: an internet address with its port, or a unix socket. Plain value.
#pragma once

#include <cstddef>
#include <string>

#include <sys/socket.h>

namespace shoal::common {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};

// The address of a unix socket. Throws shoal::Failure (SHOAL_CONFIG) when the path is too long.
Address unix_address(const std::string& path);

// "127.0.0.1", "::1": an internet address as a number, without its port.
std::string numeric_host(const Address& address);

// Whether what is said there stays on this host: a loopback address or a unix socket.
bool is_on_this_host(const Address& address);

}  // namespace shoal::common
