#include "plugin/http/target.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include <arpa/inet.h>
#include <fmt/core.h>

#include "plugin/http/failure.h"

namespace shoal::plugin {
namespace {

[[noreturn]] void refuse(std::string_view what, std::string_view expected) {
  throw HttpFailure(CallStatus::config, fmt::format("{}: expected {}", what, expected));
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
  return result;
}

// Takes `prefix` off `text` if it is there.
bool consume(std::string_view& text, std::string_view prefix) {
  if (lower(text.substr(0, prefix.size())) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<unsigned> parse_number(std::string_view text, unsigned most, int base = 10) {
  unsigned value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (fault != std::errc() || end != text.data() + text.size() || value > most) return {};
  return value;
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' && i + 2 < text.size()
                          ? parse_number(text.substr(i + 1, 2), 255, 16)
                          : std::nullopt;
    result += byte ? static_cast<char>(*byte) : text[i];
    if (byte) i += 2;
  }
  return result;
}

bool has_odd_bytes(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte == 0x7f;
  });
}

// "host", "host:80", "[::1]" or "[::1]:80".
void parse_host_and_port(std::string_view text, HttpTarget& target) {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) refuse("url", "a ] after the IPv6 address");
    target.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    target.host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (target.host.empty()) refuse("url", "a host after the scheme");
  if (port.empty()) return;

  const auto number = port.starts_with(':') ? parse_number(port.substr(1), 65535) : std::nullopt;
  if (!number || *number == 0) {
    refuse(fmt::format("url of {}", target.host), "a port from 1 to 65535 after the host");
  }
  target.port = static_cast<std::uint16_t>(*number);
}

HttpTarget parse_unix_target(std::string_view rest) {
  HttpTarget target;
  const auto colon = std::min(rest.find(":/"), rest.size());
  target.socket_path = rest.substr(0, colon);
  if (colon < rest.size()) target.path = rest.substr(colon + 1);
  if (!target.socket_path.starts_with('/')) {
    refuse("url", "unix:///path/to.sock:/request/path with an absolute path");
  }
  return target;
}

HttpTarget parse_network_target(std::string_view rest, bool is_tls) {
  HttpTarget target;
  target.is_tls = is_tls;
  target.port = is_tls ? 443 : 80;
  rest = rest.substr(0, rest.find('#'));
  const auto authority_end = std::min(rest.find_first_of("/?"), rest.size());
  auto authority = rest.substr(0, authority_end);
  const auto path = rest.substr(authority_end);
  target.path = path.starts_with('/') ? std::string(path) : "/" + std::string(path);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    target.credentials = percent_decoded(authority.substr(0, at));
    authority.remove_prefix(at + 1);
  }
  parse_host_and_port(authority, target);
  return target;
}

std::string from_environment(const char* upper_case, const char* lower_case) {
  for (const char* name : {upper_case, lower_case}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

// An address as 16 bytes, IPv4 as IPv6 does it (::ffff:192.0.2.1).
using Address = std::array<unsigned char, 16>;

std::optional<Address> parse_address(const std::string& text) {
  Address address{};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (inet_pton(AF_INET, text.c_str(), address.data() + 12) == 1) return address;
  return std::nullopt;
}

bool is_loopback(const std::string& host) {
  if (lower(host) == "localhost") return true;
  const auto address = parse_address(host);
  if (!address) return false;
  const bool is_ipv4 = (*address)[10] == 0xff && (*address)[0] == 0;
  return is_ipv4 ? (*address)[12] == 127 : address == parse_address("::1");
}

bool is_in_network(const std::string& host, std::string_view rule) {
  const auto slash = rule.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string network_text(rule.substr(0, slash));
  const auto network = parse_address(network_text);
  const auto address = parse_address(host);
  auto bits = parse_number(rule.substr(slash + 1), 128);
  if (!network || !address || !bits) return false;
  if (network_text.find(':') == std::string::npos) *bits += 96;
  for (unsigned bit = 0; bit < std::min(*bits, 128U); ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((((*network)[bit / 8] ^ (*address)[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

// One entry of NO_PROXY: "*", "example.com" and ".example.com" with all below, "host:port",
// an address or a network.
bool rule_covers(std::string_view rule, const HttpTarget& target) {
  if (rule == "*") return true;
  if (is_in_network(target.host, rule)) return true;
  const std::string host = lower(target.host);
  if (lower(rule) == host) return true;
  if (const auto colon = rule.rfind(':'); colon != std::string_view::npos) {
    if (rule.find(':') != colon || parse_number(rule.substr(colon + 1), 65535) != target.port) {
      return false;
    }
    rule = rule.substr(0, colon);
  }
  if (rule.starts_with("*")) rule.remove_prefix(1);
  const std::string suffix = lower(rule);
  if (suffix.empty()) return false;
  if (suffix.front() == '.') return host.ends_with(suffix) || host == suffix.substr(1);
  return host == suffix || host.ends_with("." + suffix);
}

bool is_exempt(const HttpTarget& target, std::string_view rules) {
  while (!rules.empty()) {
    const auto end = std::min(rules.find_first_of(", \t"), rules.size());
    const auto rule = rules.substr(0, end);
    if (!rule.empty() && rule_covers(rule, target)) return true;
    rules.remove_prefix(std::min(end + 1, rules.size()));
  }
  return false;
}

HttpTarget parse_proxy(std::string_view text) {
  try {
    const bool has_scheme = text.find("://") != std::string_view::npos;
    auto proxy = parse_target(has_scheme ? std::string(text) : "http://" + std::string(text));
    if (!proxy.is_tls && proxy.socket_path.empty()) return proxy;
  } catch (const HttpFailure& failure) {
    throw HttpFailure(failure.status(), fmt::format("proxy: {}", failure.what()));
  }
  refuse("proxy", "http://[user:password@]host:port");
}

}  // namespace

std::string HttpTarget::address() const {
  if (!socket_path.empty()) return socket_path;
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return fmt::format("{0}{1}{2}:{3}", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", port);
}

std::string HttpTarget::authority() const {
  if (!socket_path.empty()) return "localhost";
  std::string text = address();
  if (port == (is_tls ? 443 : 80)) text.resize(text.rfind(':'));
  return text;
}

HttpTarget parse_target(std::string_view url) {
  if (has_odd_bytes(url)) refuse("url", "no spaces or control characters");
  if (consume(url, "http://")) return parse_network_target(url, false);
  if (consume(url, "https://")) return parse_network_target(url, true);
  if (consume(url, "unix://")) return parse_unix_target(url);
  refuse("url", "http://, https:// or unix:///path/to.sock:/request/path");
}

ProxyRules proxy_rules_from_environment() {
  return {from_environment("HTTP_PROXY", "http_proxy"),
          from_environment("HTTPS_PROXY", "https_proxy"), from_environment("NO_PROXY", "no_proxy")};
}

std::optional<HttpTarget> proxy_for(const HttpTarget& target, std::string_view wish,
                                    const ProxyRules& rules) {
  if (!target.socket_path.empty() || wish == "direct") return std::nullopt;
  if (!wish.empty()) return parse_proxy(wish);

  const std::string& rule = target.is_tls ? rules.https : rules.http;
  if (rule.empty() || is_loopback(target.host) || is_exempt(target, rules.no_proxy)) return {};
  return parse_proxy(rule);
}

}  // namespace shoal::plugin
