#include "payload.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "common/folded_name.h"

namespace shoal::mackerel {
namespace {

using nlohmann::json;

constexpr std::int64_t nanoseconds = 1'000'000'000;

std::string prefixed(std::uint32_t origin, std::string_view name) {
  return (origin == SHOAL_ORIGIN_CUSTOM ? "custom." : "") + std::string(name);
}

template <class Number>
void append_number(std::string& text, Number value) {
  std::array<char, 32> digits;
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  text.append(digits.data(), result.ptr);
}

// What a sample may be called and what a host id is made of needs no escapes.
void append_point(std::string& text, const Point& point) {
  text += '{';
  if (!point.host_id.empty()) text.append(R"("hostId":")").append(point.host_id).append(R"(",)");
  text.append(R"("name":")").append(point.name);
  text.append(R"(","time":)");
  append_number(text, point.time_ns / nanoseconds);
  text.append(R"(,"value":)");
  append_number(text, point.value);
  text += '}';
}

std::string_view first_characters(std::string_view text, std::size_t most) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_character = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins_character && most-- == 0) return text.substr(0, i);
  }
  return text;
}

std::string_view status_name(std::uint32_t status) {
  constexpr std::array names{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  return names[std::min<std::size_t>(status, SHOAL_CHECK_UNKNOWN)];
}

json report_json(const Report& report) {
  constexpr std::size_t longest_message = 1024;
  json result{{"source", {{"type", "host"}, {"hostId", report.host_id}}},
              {"name", report.name},
              {"status", status_name(report.status)},
              {"message", first_characters(report.text, longest_message)},
              {"occurredAt", report.time_ns / nanoseconds}};
  const auto& [notification_interval, max_check_attempts, prevents_auto_close] = report.rules;
  if (notification_interval) result["notificationInterval"] = *notification_interval;
  if (max_check_attempts) result["maxCheckAttempts"] = *max_check_attempts;
  return result;
}

json graph_metric_json(const shoal_graph_metric& metric, const std::string& graph_name) {
  json result{{"name", graph_name + "." + std::string(view(metric.name))},
              {"isStacked", metric.is_stacked != 0}};
  if (metric.label.size > 0) result["displayName"] = view(metric.label);
  return result;
}

json graph_json(const shoal_graph_definition& graph) {
  const auto name = prefixed(graph.origin, view(graph.name));
  json result{{"name", name}, {"metrics", json::array()}};
  if (graph.label.size > 0) result["displayName"] = view(graph.label);
  if (graph.unit.size > 0) result["unit"] = view(graph.unit);
  for (std::uint32_t i = 0; i < graph.metrics.count; ++i) {
    result["metrics"].push_back(
        graph_metric_json(*SHOAL_AT(shoal_graph_metric, graph.metrics, i), name));
  }
  return result;
}

json checks_json(std::string_view jobs) {
  auto checks = json::array();
  for (const auto& job : json::parse(jobs)) {
    if (job.value("kind", "") != "check" || !job.value("custom_identifier", "").empty()) continue;
    json check{{"name", job.at("name")}};
    if (const auto memo = job.value("memo", ""); !memo.empty()) check["memo"] = memo;
    checks.push_back(std::move(check));
  }
  return checks;
}

// Text of other systems may not be UTF-8, and is sent all the same, repaired.
std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string metric_name(const shoal_sample& sample) {
  return prefixed(sample.origin, common::folded_name(sample));
}

std::string service_metric_name(const shoal_sample& sample) {
  return common::folded_name(sample);
}

bool is_api_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

std::vector<bool> newest_of_minute(const std::vector<Point>& points) {
  std::vector<bool> is_newest(points.size(), false);
  std::unordered_map<std::string, std::size_t> newest;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& point = points[i];
    const auto minute = std::to_string(point.time_ns / (60 * nanoseconds));
    const auto [entry, is_first] =
        newest.emplace(point.host_id + ' ' + point.name + ' ' + minute, i);
    if (is_first) {
      is_newest[i] = true;
    } else if (points[entry->second].time_ns <= point.time_ns) {
      is_newest[entry->second] = false;
      is_newest[i] = true;
      entry->second = i;
    }
  }
  return is_newest;
}

std::string points_json(const std::vector<Point>& points, const std::vector<bool>& is_wanted) {
  std::string text = "[";
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!is_wanted[i]) continue;
    if (text.size() > 1) text += ',';
    append_point(text, points[i]);
  }
  return text + "]";
}

std::string reports_json(std::span<const Report> reports) {
  auto all = json::array();
  for (const Report& report : reports) all.push_back(report_json(report));
  return dumped({{"reports", std::move(all)}});
}

std::string graphs_json(const std::vector<const shoal_graph_definition*>& graphs) {
  auto all = json::array();
  for (const auto* graph : graphs) all.push_back(graph_json(*graph));
  return dumped(all);
}

std::string host_json(std::string_view spec, std::string_view jobs, const Profile& profile) {
  auto host = json::parse(spec);
  host["meta"]["agent-name"] = agent_name();
  host["meta"]["agent-version"] = agent_version();
  host["meta"]["agent-revision"] = agent_revision();
  host["roleFullnames"] = profile.roles;
  host["checks"] = checks_json(jobs);
  if (const auto& cloud = profile.cloud) {
    host["meta"]["cloud"] = {{"provider", cloud->provider}, {"metadata", cloud->metadata}};
  }
  if (!profile.custom_identifier.empty()) host["customIdentifier"] = profile.custom_identifier;
  if (!profile.display_name.empty()) host["displayName"] = profile.display_name;
  return dumped(host);
}

std::string status_json(std::string_view status) {
  return dumped({{"status", status}});
}

std::string agent_name() {
  return "shoal/" + std::string(agent_version());
}

std::string_view agent_version() {
  return SHOAL_VERSION;
}

std::string_view agent_revision() {
  return SHOAL_REVISION;
}

}  // namespace shoal::mackerel
