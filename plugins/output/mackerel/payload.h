// The bodies of requests to the Mackerel API, in the shapes that mackerel-agent sends. Pure
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <shoal/plugin.hpp>

#include "cloud.h"
#include "inventory.h"

namespace shoal::mackerel {

// The name Mackerel knows a sample by: labels folded in, "custom." in front of what the host does
// not say about itself.
std::string metric_name(const shoal_sample& sample);
// The same for a metric of a service, which has no prefix.
std::string service_metric_name(const shoal_sample& sample);
// Whether checks and namespaces may be called so: [A-Za-z0-9_-], at least one.
bool is_api_name(std::string_view name);

struct Point {
  std::string host_id;  // empty: of a service
  std::string name;
  std::int64_t time_ns = 0;
  double value = 0;
};

// For each point whether it is the newest of its host, name and minute; of two as new, the later.
std::vector<bool> newest_of_minute(const std::vector<Point>& points);

// The points for which `is_wanted`.
std::string points_json(const std::vector<Point>& points, const std::vector<bool>& is_wanted);

// A result of a check as it is reported. Text is borrowed.
struct Report {
  std::string host_id;
  std::string_view name;
  std::uint32_t status = SHOAL_CHECK_UNKNOWN;
  std::string_view text;
  std::int64_t time_ns = 0;
  CheckRules rules;
};
// Of each text the first 1024 characters.
std::string reports_json(std::span<const Report> reports);

std::string graphs_json(const std::vector<const shoal_graph_definition*>& graphs);

// What the host is called and belongs to; the rest is found out.
struct Profile {
  std::string display_name;        // empty: none
  std::vector<std::string> roles;  // "service:role"
  std::optional<Cloud> cloud;
  std::string custom_identifier;  // empty: none
};

// `spec` and `jobs` as shoal.identity/1 gives them. Checks that speak for other hosts are left out.
std::string host_json(std::string_view spec, std::string_view jobs, const Profile& profile);

std::string status_json(std::string_view status);

// How we call ourselves to the API: "shoal/0.1.0". Mackerel shows it as the host's agent.
std::string agent_name();
std::string_view agent_version();
std::string_view agent_revision();

}  // namespace shoal::mackerel
