// The bodies of requests to Consul's agent, and what a check looks like there. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <shoal/plugin.hpp>

namespace shoal::consul {

// At most `longest` bytes of it, whole characters, and how much there was if that is not all.
std::string cut(std::string_view text, std::size_t longest);

// "passing", "warning" or "critical"; an UNKNOWN as `unknown` says.
std::string_view status_word(std::uint32_t status, std::string_view unknown);

// The text of a result, with what Consul's three words do not say: that it is UNKNOWN, or not yet
// the hard state.
std::string output_of(std::uint32_t status, std::string_view text, std::uint32_t hard);

struct Service {
  std::string id;
  std::string name;
  std::vector<std::string> tags;
  std::string address;    // empty: Consul's own
  std::int64_t port = 0;  // 0: none
};
// `mark` tells later that it is ours.
std::string service_json(const Service& service, std::string_view mark);

struct Registration {
  std::string id;
  std::string name;
  std::string notes;
  std::string service_id;  // empty: of the node
  std::int64_t ttl_ms = 0;
  std::int64_t deregister_after_ms = 0;  // of its service; 0: never
};
// With its present status: Consul takes a new check for critical.
std::string registration_json(const Registration& registration, std::string_view status);

std::string update_json(std::string_view status, std::string_view output);

}  // namespace shoal::consul
