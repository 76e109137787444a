// Group file: what can be said without calling the plugin.

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/nearest.h"
#include "base/pattern.h"
#include "conformance/names.h"
#include "conformance/shared_object.h"
#include "conformance/tests.h"
#include "plugin/linkage.h"
#include "plugin/options.h"

namespace shoal::conformance {
namespace {

using nlohmann::json;

const std::array<std::string, 16> members{"id",      "version",        "abi",
                                          "kind",    "summary",        "origin",
                                          "needs",   "needs_host_abi", "options",
                                          "series",  "graphs",         "accepts",
                                          "durable", "batch",          "max_age_seconds",
                                          "wire"};
constexpr std::array<std::string_view, 5> services{
    "shoal.options/1", "shoal.clock/1", "shoal.state/1", "shoal.http/1", "shoal.identity/1"};

std::string first_few(const std::vector<std::string>& names) {
  const auto count = std::min<std::size_t>(names.size(), 3);
  auto text =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<long>(count), ", "));
  return names.size() > count ? fmt::format("{} and {} more", text, names.size() - count) : text;
}

bool is_version(std::string_view text) {
  int dots = 0;
  bool has_digit = false;
  for (const char c : text.substr(0, text.find_first_of("-+"))) {
    if (c == '.' && !has_digit) return false;
    if (c != '.' && (c < '0' || c > '9')) return false;
    dots += c == '.' ? 1 : 0;
    has_digit = c != '.';
  }
  return dots == 2 && has_digit;
}

void check_members(Trial& trial) {
  const auto all = json::parse(trial.subject().manifest.json);
  for (const auto& [name, value] : all.items()) {
    if (std::find(members.begin(), members.end(), name) != members.end()) continue;
    const auto meant = nearest(name, members);
    trial.find(Rule::manifest_members, "the member {} is not in the header{}", name,
               meant.empty() ? "" : fmt::format("; did you mean {}?", meant));
  }
}

void check_needs(Trial& trial) {
  std::set<std::string> seen;
  for (const auto& service : trial.subject().manifest.needs) {
    if (std::find(services.begin(), services.end(), service) == services.end()) {
      trial.find(Rule::manifest_needs, "needs {}, which is no service of this ABI", service);
    } else if (!seen.insert(service).second) {
      trial.find(Rule::manifest_needs, "needs {} twice", service);
    }
  }
}

void check_series(Trial& trial) {
  std::set<std::string> seen;
  for (const auto& series : trial.subject().manifest.series) {
    if (const auto fault = pattern_fault(series.name); !fault.empty()) {
      trial.find(Rule::manifest_series, "series {}: {}", series.name, fault);
    }
    if (!is_unit(series.unit)) {
      trial.find(Rule::manifest_series, "series {}: no such unit: {}", series.name, series.unit);
    }
    if (!seen.insert(series.name).second) {
      trial.find(Rule::manifest_series, "series {} is there twice", series.name);
    }
  }
  if (trial.subject().kind() == plugin::Kind::output && !seen.empty()) {
    trial.find(Rule::manifest_series, "an output emits no series");
  }
}

void check_graphs(Trial& trial) {
  for (const auto& graph : trial.subject().manifest.graphs) {
    auto name = graph.name;
    std::replace(name.begin(), name.end(), '#', '*');
    if (const auto fault = pattern_fault(name); !fault.empty()) {
      trial.find(Rule::manifest_graphs, "graph {}: {}", graph.name, fault);
    }
    if (!is_unit(graph.unit)) {
      trial.find(Rule::manifest_graphs, "graph {}: no such unit: {}", graph.name, graph.unit);
    }
    for (const auto& metric : graph.metrics) {
      if (metric.name.find('.') != std::string::npos) {
        trial.find(Rule::manifest_graphs, "graph {}: metric {} is more than one component",
                   graph.name, metric.name);
      }
    }
  }
}

// ---- schema ----

// Faults of `value` under the one option `name`, as the host sees them.
std::string option_fault(const plugin::Manifest& manifest, const std::string& name,
                         const json& value) {
  auto alone = manifest;
  const auto schemas = json::parse(manifest.options_schema);
  alone.options_schema = json{{name, schemas[name]}}.dump();
  const auto checked = plugin::check_options(alone, json{{name, value}}.dump());
  return checked.faults.empty() ? "" : checked.faults.front().text;
}

std::string_view type_of(const json& schema) {
  const auto type = schema.find("type");
  return type != schema.end() && type->is_string() ? type->get_ref<const std::string&>()
                                                   : std::string_view();
}

std::string pattern_complaint(const json& schema) {
  const auto pattern = schema.find("pattern");
  if (pattern == schema.end()) return {};
  if (!pattern->is_string()) return "pattern is no string";
  try {
    Pattern(pattern->get<std::string>());
    return {};
  } catch (const Error& error) {
    return fmt::format("pattern: {}", error.what());
  }
}

std::string bounds_complaint(const json& schema) {
  const auto minimum = schema.find("minimum");
  const auto maximum = schema.find("maximum");
  const bool has_number_bounds = minimum != schema.end() && maximum != schema.end() &&
                                 minimum->is_number() && maximum->is_number();
  if (has_number_bounds && *minimum > *maximum) return "minimum is greater than maximum";
  const auto choices = schema.find("enum");
  if (choices != schema.end() && (!choices->is_array() || choices->empty())) {
    return "enum offers no choice";
  }
  const auto type = type_of(schema);
  const bool is_amount = type == "integer" || type == "number" || schema.contains("x-unit");
  if (!is_amount && (minimum != schema.end() || maximum != schema.end())) {
    return fmt::format("bounds for the type {}", type);
  }
  return {};
}

std::string members_complaint(const json& schema) {
  constexpr std::array<std::string_view, 13> known{
      "type",    "description", "default",  "enum",   "minimum",   "maximum", "items",
      "pattern", "required",    "x-secret", "x-unit", "x-example", "format"};
  for (const auto& [name, value] : schema.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return fmt::format("the header has no member {}", name);
    }
  }
  const auto is_boolean = [&](const char* name) {
    return !schema.contains(name) || schema[name].is_boolean();
  };
  if (!is_boolean("required")) return "required is neither true nor false";
  if (!is_boolean("x-secret")) return "x-secret is neither true nor false";
  if (schema.value("required", false) && schema.contains("default")) {
    return "is required and has a default";
  }
  return {};
}

std::string schema_complaint(const json& schema) {
  for (const auto& complaint :
       {pattern_complaint(schema), members_complaint(schema), bounds_complaint(schema)}) {
    if (!complaint.empty()) return complaint;
  }
  return {};
}

}  // namespace

void test_linkage(Trial& trial) {
  trial.under(Rule::entry_crash);
  if (const auto fault = plugin::linkage_fault(trial.subject().copy); !fault.empty()) {
    trial.find(Rule::file_linkage, "{}", fault);
    trial.give_up();
  }
}

void test_symbols(Trial& trial) {
  trial.under(Rule::entry_crash);
  trial.begin_act("loading it");
  const auto entry = load_entry(trial.subject());
  trial.end_act();
  const auto object = shared_object_at(reinterpret_cast<const void*>(entry));
  auto exports = object.exports;
  std::erase(exports, "shoal_module_v1");
  if (!exports.empty()) trial.find(Rule::file_exports, "exports {} too", first_few(exports));
  if (!object.weak_exports.empty()) {
    trial.find(Rule::file_weak_exports, "exports {}", first_few(object.weak_exports));
  }
  if (object.has_executable_stack) trial.find(Rule::file_hardening, "has an executable stack");
  if (object.has_text_relocations) {
    trial.find(Rule::file_hardening, "has text relocations; compile it with -fPIC");
  }
  if (object.has_unique_symbols) {
    trial.find(Rule::file_hardening, "has unique symbols; compile it with -fno-gnu-unique");
  }
}

void test_manifest(Trial& trial) {
  const auto& manifest = trial.subject().manifest;
  const auto stem = std::filesystem::path(trial.subject().file).stem().string();
  if (stem != manifest.id) {
    trial.find(Rule::file_name, "the id is {}, the file {}.so", manifest.id, stem);
  }
  if (!is_version(manifest.version)) {
    trial.find(Rule::manifest_version, "the version is \"{}\"", manifest.version);
  }
  if (manifest.summary.empty() || manifest.summary.find('\n') != std::string::npos) {
    trial.find(Rule::manifest_summary, "{}",
               manifest.summary.empty() ? "there is none" : "it has several lines");
  }
  check_members(trial);
  check_needs(trial);
  check_series(trial);
  check_graphs(trial);
}

void test_schema(Trial& trial) {
  const auto& manifest = trial.subject().manifest;
  const auto schemas = json::parse(manifest.options_schema);
  for (const auto& [name, schema] : schemas.items()) {
    if (const auto complaint = schema_complaint(schema); !complaint.empty()) {
      trial.find(Rule::manifest_options, "option {}: {}", name, complaint);
      continue;
    }
    const auto fallback = schema.find("default");
    if (fallback == schema.end()) continue;
    if (const auto fault = option_fault(manifest, name, *fallback); !fault.empty()) {
      trial.find(Rule::manifest_default, "option {}: default: {}", name, fault);
    }
  }
}

}  // namespace shoal::conformance
