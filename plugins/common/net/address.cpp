#include "common/net/address.h"

#include <array>
#include <cstring>
#include <netdb.h>

#include <netinet/in.h>
#include <sys/un.h>

#include <shoal/plugin.hpp>

namespace shoal::common {

Address unix_address(const std::string& path) {
  sockaddr_un raw{};
  if (path.size() >= sizeof(raw.sun_path)) {
    throw Failure("option socket: expected at most " + std::to_string(sizeof(raw.sun_path) - 1) +
                      " bytes, found \"" + path + "\"",
                  SHOAL_CONFIG);
  }
  raw.sun_family = AF_UNIX;
  std::memcpy(raw.sun_path, path.data(), path.size());
  Address address;
  std::memcpy(&address.storage, &raw, sizeof(raw));
  address.size = sizeof(raw);
  return address;
}

std::string numeric_host(const Address& address) {
  std::array<char, NI_MAXHOST> text{};
  const int fault = getnameinfo(address.get(), address.size, text.data(), text.size(), nullptr, 0,
                                NI_NUMERICHOST);
  return fault == 0 ? text.data() : std::string();
}

bool is_on_this_host(const Address& address) {
  if (address.family() == AF_UNIX) return true;
  if (address.family() == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address.storage, sizeof(four));
    return ntohl(four.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  }
  sockaddr_in6 six{};
  std::memcpy(&six, &address.storage, sizeof(six));
  return address.family() == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
}

}  // namespace shoal::common
