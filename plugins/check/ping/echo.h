// The bytes of an ICMP echo and how its reply is told from everything else that may arrive. Knows
// nothing of the SDK and of sockets. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace shoal::ping {

// What packets look like on a socket.
struct Wire {
  bool is_ipv6 = false;
  // A raw socket hears all ICMP there is, over IPv4 with the IP header before it. Of others the
  // kernel chooses the id, and hands over only what has it.
  bool is_raw = false;
};

struct Echo {
  std::uint16_t id = 0;
  std::uint16_t sequence = 0;
  std::string payload;
};

std::string request_of(const Echo& echo, Wire wire);

// Whether the packet is the reply to this very echo.
bool is_reply_to(const Echo& echo, std::string_view packet, Wire wire);

}  // namespace shoal::ping
