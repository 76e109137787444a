// The network interfaces of this host and their addresses. Pure but for system_addresses().
#pragma once

#include <string>
#include <vector>

namespace shoal::plugin::host {

struct InterfaceAddress {
  enum class Kind { mac, ipv4, ipv6 };
  std::string interface;
  Kind kind = Kind::ipv4;
  std::string text;  // empty: none
};

// As getifaddrs() tells.
std::vector<InterfaceAddress> system_addresses();

struct Interface {
  std::string name;
  std::string mac;  // lower case; empty: none
  std::vector<std::string> ipv4;
  std::vector<std::string> ipv6;
};

// Those with an address that is not loopback, by name.
std::vector<Interface> interfaces_of(const std::vector<InterfaceAddress>& addresses);

}  // namespace shoal::plugin::host
