// Who a plugin is and what it needs, as its file says in an ELF note (shoal/manifest.h has the
// members). Read without running a byte of the plugin. Plain data; no thread rule of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/instance.h"
#include "record/record.h"

namespace shoal::plugin {

struct AbiVersion {
  unsigned major_number = 0;
  unsigned minor_number = 0;
  auto operator<=>(const AbiVersion&) const = default;
};
// "1.0"
std::string to_text(AbiVersion version);
// The one this agent speaks.
AbiVersion host_abi();

// Series a plugin may emit; `name` may hold * for one component.
struct SeriesPattern {
  std::string name;
  std::string kind;
  std::string unit;
  std::string description;
};

struct BatchLimits {
  std::optional<std::uint32_t> max_records;
  std::optional<std::uint64_t> max_bytes;
  std::optional<std::chrono::milliseconds> backlog_interval;
  std::optional<std::chrono::milliseconds> heartbeat;  // offered nothing when there is nothing
};

struct Manifest {
  std::string id;
  std::string version;
  AbiVersion abi;
  Kind kind = Kind::metric;
  std::string summary;
  record::Origin origin = record::Origin::custom;
  std::vector<std::string> needs;  // service ids
  std::optional<AbiVersion> needs_host_abi;
  std::string options_schema = "{}";  // JSON: name to schema; options.h checks against it
  std::vector<SeriesPattern> series;
  std::vector<record::GraphDefinition> graphs;  // without a time

  // outputs
  std::vector<record::Kind> accepts;
  bool is_durable = true;
  BatchLimits batch;
  std::optional<std::chrono::seconds> max_age;

  std::string json;  // the whole, for people and their tools
};

// Reads a manifest's JSON. Members it does not know are left alone: a newer SDK may have written
// it. Throws PluginError, "FILE: manifest: ...", for the first thing that is wrong.
Manifest parse_manifest(const std::string& file, std::string_view json);

// Throws PluginError, in one sentence, when this agent cannot run the plugin: another ABI major, or
// a newer host needed.
void check_abi(const std::string& file, const Manifest& manifest);

}  // namespace shoal::plugin
