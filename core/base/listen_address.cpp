#include "base/listen_address.h"

#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace shoal {
namespace {

constexpr std::string_view unix_prefix = "unix:";

bool is_numeric(int family, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> unused{};
  return ::inet_pton(family, host.c_str(), unused.data()) == 1;
}

bool is_v6(const std::string& host) {
  return host.find(':') != std::string::npos;
}

std::uint16_t parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* const end = text.data() + text.size();
  const auto [stopped, fault] = std::from_chars(text.data(), end, port);
  return fault == std::errc() && stopped == end ? port : 0;
}

// Without the brackets that part an IPv6 address from its port; empty if it is none.
std::string parse_host(std::string_view text) {
  const bool is_bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  std::string host(is_bracketed ? text.substr(1, text.size() - 2) : text);
  if (host == "localhost") host = "127.0.0.1";
  return is_numeric(is_bracketed ? AF_INET6 : AF_INET, host) ? host : std::string();
}

}  // namespace

bool ListenAddress::is_local() const {
  return !path.empty() || host.starts_with("127.") || host == "::1";
}

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  if (text.starts_with(unix_prefix)) {
    text.remove_prefix(unix_prefix.size());
    if (!text.starts_with('/')) return std::nullopt;
    return ListenAddress{.path = std::string(text)};
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  ListenAddress address{.host = parse_host(text.substr(0, colon)),
                        .port = parse_port(text.substr(colon + 1))};
  if (address.host.empty() || address.port == 0) return std::nullopt;
  return address;
}

std::string to_text(const ListenAddress& address) {
  if (!address.path.empty()) return address.path;
  const auto port = std::to_string(address.port);
  return is_v6(address.host) ? "[" + address.host + "]:" + port : address.host + ":" + port;
}

}  // namespace shoal
