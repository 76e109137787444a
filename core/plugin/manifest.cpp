#include "plugin/manifest.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <shoal/types.h>

#include "base/error.h"

namespace shoal::plugin {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 5> record_kinds{"sample", "check_result", "event",
                                                       "metadata", "graph_definition"};
constexpr std::array<std::string_view, 3> series_kinds{"gauge", "counter", "interval"};
constexpr std::array<std::string_view, 6> option_types{"string",  "integer", "number",
                                                       "boolean", "array",   "object"};

template <class Range>
bool contains(const Range& range, std::string_view word) {
  return std::find(range.begin(), range.end(), word) != range.end();
}

// One JSON object of the manifest, and where it stands, so that every complaint can say so.
class Member {
 public:
  Member(const std::string& file, const json& object, std::string path)
      : file_(file), object_(object), path_(std::move(path)) {
    if (!object.is_object()) fail({}, "expected an object");
  }

  [[noreturn]] void fail(std::string_view key, std::string_view fault) const {
    const auto where = path_ + (path_.empty() || key.empty() ? "" : ".") + std::string(key);
    throw PluginError(
        fmt::format("{}: manifest: {}{}{}", file_, where, where.empty() ? "" : ": ", fault));
  }

  const json* find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  std::string text(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_string()) fail(key, "expected a string");
    return value->get<std::string>();
  }
  std::string required_text(const char* key) const {
    auto value = text(key);
    if (value.empty()) fail(key, "is missing");
    return value;
  }
  bool boolean(const char* key, bool fallback) const {
    const auto* value = find(key);
    if (value == nullptr) return fallback;
    if (!value->is_boolean()) fail(key, "expected true or false");
    return value->get<bool>();
  }
  template <class Number>
  std::optional<Number> number(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max());
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() == 0 ||
        value->get<std::uint64_t>() > most) {
      fail(key, fmt::format("expected a whole number from 1 to {}", most));
    }
    return static_cast<Number>(value->get<std::uint64_t>());
  }
  std::optional<AbiVersion> abi(const char* key) const {
    const auto written = text(key);
    if (written.empty()) return std::nullopt;
    AbiVersion version;
    const auto* end = written.data() + written.size();
    const auto major = std::from_chars(written.data(), end, version.major_number);
    if (major.ec != std::errc{} || major.ptr == end || *major.ptr != '.') fail_abi(key, written);
    const auto minor = std::from_chars(major.ptr + 1, end, version.minor_number);
    if (minor.ec != std::errc{} || minor.ptr != end) fail_abi(key, written);
    return version;
  }

  // Calls `visit` with each element of an array of objects.
  template <class Visit>
  void each_object(const char* key, Visit&& visit) const {
    each(key, [&](const json& element, const std::string& path) {
      visit(Member(file_, element, path_.empty() ? path : path_ + "." + path));
    });
  }
  template <class Visit>
  void each_text(const char* key, Visit&& visit) const {
    each(key, [&](const json& element, const std::string& path) {
      if (!element.is_string()) fail(path, "expected a string");
      visit(element.get_ref<const std::string&>());
    });
  }

 private:
  [[noreturn]] void fail_abi(const char* key, const std::string& written) const {
    fail(key, fmt::format("expected \"major.minor\", got \"{}\"", written));
  }
  template <class Visit>
  void each(const char* key, Visit&& visit) const {
    const auto* array = find(key);
    if (array == nullptr) return;
    if (!array->is_array()) fail(key, "expected an array");
    for (std::size_t i = 0; i < array->size(); ++i) {
      visit((*array)[i], fmt::format("{}[{}]", key, i));
    }
  }

  const std::string& file_;
  const json& object_;
  std::string path_;
};

std::string read_id(const Member& root) {
  auto id = root.required_text("id");
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (id.size() > 100 || !std::all_of(id.begin(), id.end(), is_allowed)) {
    root.fail("id", "expected [a-z0-9_], at most 100 of them");
  }
  return id;
}

Kind read_kind(const Member& root) {
  const auto name = root.required_text("kind");
  for (const auto kind : {Kind::metric, Kind::check, Kind::output}) {
    if (name == kind_name(kind)) return kind;
  }
  root.fail("kind", fmt::format("expected metric, check or output, got \"{}\"", name));
}

record::Origin read_origin(const Member& root) {
  const auto origin = root.text("origin");
  if (origin == "host") return record::Origin::host;
  if (!origin.empty()) root.fail("origin", "expected \"host\" or nothing");
  return record::Origin::custom;
}

std::string read_options(const std::string& file, const Member& root) {
  const auto* options = root.find("options");
  if (options == nullptr) return "{}";
  const Member all(file, *options, "options");
  for (const auto& [name, schema] : options->items()) {
    const Member option(file, schema, "options." + name);
    const auto type = option.text("type");
    const auto unit = option.text("x-unit");
    if (!unit.empty() && unit != "duration" && unit != "bytes") {
      option.fail("x-unit", "expected duration or bytes");
    }
    if (unit.empty() && !contains(option_types, type)) {
      option.fail("type", "expected string, integer, number, boolean, array or object");
    }
  }
  return options->dump();
}

void read_series(const Member& root, Manifest& manifest) {
  root.each_object("series", [&](const Member& one) {
    SeriesPattern series{one.required_text("name"), one.text("kind"), one.text("unit"),
                         one.text("description")};
    if (series.kind.empty()) series.kind = "gauge";
    if (!contains(series_kinds, series.kind)) {
      one.fail("kind", "expected gauge, counter or interval");
    }
    manifest.series.push_back(std::move(series));
  });
}

void read_graphs(const Member& root, Manifest& manifest) {
  root.each_object("graphs", [&](const Member& one) {
    record::GraphDefinition graph;
    graph.name = one.required_text("name");
    graph.label = one.text("label");
    graph.unit = one.text("unit");
    graph.origin = manifest.origin;
    one.each_object("metrics", [&](const Member& metric) {
      graph.metrics.push_back(
          {metric.required_text("name"), metric.text("label"), metric.boolean("stacked", false)});
    });
    manifest.graphs.push_back(std::move(graph));
  });
}

void read_output_members(const std::string& file, const Member& root, Manifest& manifest) {
  root.each_text("accepts", [&](const std::string& name) {
    const auto* found = std::find(record_kinds.begin(), record_kinds.end(), name);
    if (found == record_kinds.end()) return;  // a kind of a newer agent; none of ours
    manifest.accepts.push_back(static_cast<record::Kind>(found - record_kinds.begin()));
  });
  manifest.is_durable = root.boolean("durable", true);
  manifest.max_age = root.number<std::chrono::seconds>("max_age_seconds");
  if (const auto* batch = root.find("batch"); batch != nullptr) {
    const Member limits(file, *batch, "batch");
    manifest.batch = {limits.number<std::uint32_t>("max_records"),
                      limits.number<std::uint64_t>("max_bytes"),
                      limits.number<std::chrono::milliseconds>("backlog_interval_ms"),
                      limits.number<std::chrono::milliseconds>("heartbeat_ms")};
  }
}

}  // namespace

std::string to_text(AbiVersion version) {
  return fmt::format("{}.{}", version.major_number, version.minor_number);
}

AbiVersion host_abi() {
  return {SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR};
}

Manifest parse_manifest(const std::string& file, std::string_view text) {
  const auto parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) throw PluginError(file + ": manifest: is damaged: not JSON");
  const Member root(file, parsed, "");

  Manifest manifest;
  manifest.id = read_id(root);
  manifest.version = root.required_text("version");
  const auto abi = root.abi("abi");
  if (!abi) root.fail("abi", "is missing");
  manifest.abi = *abi;
  manifest.kind = read_kind(root);
  manifest.summary = root.text("summary");
  manifest.origin = read_origin(root);
  root.each_text("needs", [&](const std::string& service) { manifest.needs.push_back(service); });
  manifest.needs_host_abi = root.abi("needs_host_abi");
  manifest.options_schema = read_options(file, root);
  read_series(root, manifest);
  read_graphs(root, manifest);
  read_output_members(file, root, manifest);
  manifest.json = text;
  return manifest;
}

void check_abi(const std::string& file, const Manifest& manifest) {
  const auto host = host_abi();
  if (manifest.abi.major_number != host.major_number) {
    throw PluginError(fmt::format("{}: built for ABI {}, this agent speaks {}; rebuild it", file,
                                  manifest.abi.major_number, host.major_number));
  }
  if (manifest.needs_host_abi && *manifest.needs_host_abi > host) {
    throw PluginError(fmt::format("{}: needs an agent with ABI {}, this one has {}", file,
                                  to_text(*manifest.needs_host_abi), to_text(host)));
  }
}

}  // namespace shoal::plugin
