// The frames in which Zabbix's programs speak, and what stands in their place with very old ones.
// Knows bytes, not what they mean. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shoal::zabbix {

// Of a payload, on the wire and inflated.
constexpr std::size_t most_payload = std::size_t{16} << 20;
// Of what stands before the payload.
constexpr std::size_t longest_header = 21;

std::string framed(std::string_view payload);

// Whether what has come is a whole reply, or already one that is refused. Looks at the header
// alone, so that it may be asked after each byte. `most` is of the payload, here and below.
bool is_whole(std::string_view received, std::size_t most = most_payload);

struct Reply {
  std::string text;
  std::string fault;     // not empty: why it is none
  bool is_tls = false;   // the fault is that the peer speaks TLS
  bool is_none = false;  // the fault is that nothing came
};

// The payload of what came until it was whole or the peer closed: of a frame, inflated if need be;
// of an old agent's answer without a frame, its first line.
Reply read_reply(std::string_view received, std::size_t most = most_payload);

}  // namespace shoal::zabbix
