// The bodies of requests to the Mackerel API, in the shapes that mackerel-agent sends. Pure
// functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <shoal/plugin.hpp>

namespace shoal::mackerel {

// The name Mackerel knows a sample by: labels folded in, "custom." in front of what the host does
// not say about itself.
std::string metric_name(const shoal_sample& sample);

struct Point {
  std::string host_id;
  std::string name;
  std::int64_t time_ns = 0;
  double value = 0;
};

// For each point whether it is the newest of its host, name and minute; of two as new, the later.
std::vector<bool> newest_of_minute(const std::vector<Point>& points);

// The points for which `is_wanted`.
std::string points_json(const std::vector<Point>& points, const std::vector<bool>& is_wanted);

std::string graphs_json(const std::vector<const shoal_graph_definition*>& graphs);

// What the host is called and belongs to; the rest is found out.
struct Profile {
  std::string display_name;        // empty: none
  std::vector<std::string> roles;  // "service:role"
};

// `spec` and `jobs` as shoal.identity/1 gives them. Checks that speak for other hosts are left out.
std::string host_json(std::string_view spec, std::string_view jobs, const Profile& profile);

std::string status_json(std::string_view status);

// How we call ourselves to the API: "shoal/0.1.0". Mackerel shows it as the host's agent.
std::string agent_name();
std::string_view agent_version();
std::string_view agent_revision();

}  // namespace shoal::mackerel
