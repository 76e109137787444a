// Where a request goes: an http, https or unix URL taken apart, and the proxy that is in between.
// Knows nothing of sockets. Plain data and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shoal::plugin {

struct HttpTarget {
  bool is_tls = false;
  std::string host;  // a name or an address, without brackets; empty for a unix socket
  std::uint16_t port = 0;
  std::string socket_path;  // of a unix socket
  std::string path = "/";   // with its query
  std::string credentials;  // "user:password" as the URL had them, decoded; empty: none

  // "example.com:8080" and "[::1]:80": for CONNECT, and for people.
  std::string address() const;
  // The Host header: without the port where it is the scheme's own.
  std::string authority() const;
};

// Takes http://, https:// and unix:///path.sock:/request/path. Throws HttpFailure with
// CallStatus::config for anything else; the reason never repeats credentials.
HttpTarget parse_target(std::string_view url);

// What HTTP_PROXY, HTTPS_PROXY and NO_PROXY say.
struct ProxyRules {
  std::string http;
  std::string https;
  std::string no_proxy;
};

// In upper or lower case, upper case first.
ProxyRules proxy_rules_from_environment();

// The proxy between us and `target`: `wish` if it is not empty ("direct": none), else by the rules.
// As everywhere, rules are not for loopback addresses. Throws as parse_target().
std::optional<HttpTarget> proxy_for(const HttpTarget& target, std::string_view wish,
                                    const ProxyRules& rules);

}  // namespace shoal::plugin
