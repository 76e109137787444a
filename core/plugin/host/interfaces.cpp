#include "plugin/host/interfaces.h"

#include <array>
#include <ifaddrs.h>
#include <map>
#include <memory>
#include <optional>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netpacket/packet.h>

namespace shoal::plugin::host {
namespace {

using Kind = InterfaceAddress::Kind;

std::string mac_text(const sockaddr_ll& address) {
  std::string text;
  for (int i = 0; i < address.sll_halen; ++i) {
    text += fmt::format("{}{:02x}", i == 0 ? "" : ":", address.sll_addr[i]);
  }
  const bool is_empty = text.find_first_not_of("0:") == std::string::npos;
  return is_empty ? "" : text;
}

std::optional<InterfaceAddress> address_of(const ifaddrs& entry) {
  if (entry.ifa_addr == nullptr) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> text{};
  switch (entry.ifa_addr->sa_family) {
    case AF_PACKET: {
      const auto* link = reinterpret_cast<const sockaddr_ll*>(entry.ifa_addr);
      return InterfaceAddress{entry.ifa_name, Kind::mac, mac_text(*link)};
    }
    case AF_INET: {
      const auto* ipv4 = reinterpret_cast<const sockaddr_in*>(entry.ifa_addr);
      ::inet_ntop(AF_INET, &ipv4->sin_addr, text.data(), text.size());
      return InterfaceAddress{entry.ifa_name, Kind::ipv4, text.data()};
    }
    case AF_INET6: {
      const auto* ipv6 = reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr);
      ::inet_ntop(AF_INET6, &ipv6->sin6_addr, text.data(), text.size());
      return InterfaceAddress{entry.ifa_name, Kind::ipv6, text.data()};
    }
    default:
      return std::nullopt;
  }
}

bool is_loopback(const InterfaceAddress& address) {
  return address.kind == Kind::ipv4 ? address.text.starts_with("127.") : address.text == "::1";
}

}  // namespace

std::vector<InterfaceAddress> system_addresses() {
  ifaddrs* raw = nullptr;
  if (::getifaddrs(&raw) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> list(raw, &::freeifaddrs);
  std::vector<InterfaceAddress> addresses;
  for (const auto* entry = list.get(); entry != nullptr; entry = entry->ifa_next) {
    if (auto address = address_of(*entry)) addresses.push_back(std::move(*address));
  }
  return addresses;
}

std::vector<Interface> interfaces_of(const std::vector<InterfaceAddress>& addresses) {
  std::map<std::string, Interface> interfaces;
  std::map<std::string, bool> is_reachable;
  for (const auto& address : addresses) {
    auto& interface = interfaces[address.interface];
    interface.name = address.interface;
    switch (address.kind) {
      case Kind::mac:
        interface.mac = address.text;
        break;
      case Kind::ipv4:
        interface.ipv4.push_back(address.text);
        break;
      case Kind::ipv6:
        interface.ipv6.push_back(address.text);
        break;
    }
    if (address.kind != Kind::mac && !is_loopback(address)) is_reachable[address.interface] = true;
  }
  std::vector<Interface> all;
  for (auto& [name, interface] : interfaces) {
    if (is_reachable[name]) all.push_back(std::move(interface));
  }
  return all;
}

}  // namespace shoal::plugin::host
