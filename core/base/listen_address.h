// Where a server of ours listens, and how that is written. Plain value and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shoal {

struct ListenAddress {
  std::string path;  // of a unix socket; empty: the two below
  std::string host;  // numeric
  std::uint16_t port = 0;

  // Whether only this host can reach it.
  bool is_local() const;

  bool operator==(const ListenAddress&) const = default;
};

// "unix:/run/shoal/relay.sock", "127.0.0.1:29800", "[::1]:29800", "localhost:29800" (127.0.0.1).
// Nothing for anything else: names are not looked up.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

// As it is written, but for a unix socket: the path alone.
std::string to_text(const ListenAddress& address);

}  // namespace shoal
