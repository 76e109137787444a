// shoal plugin list and shoal plugin info: what is installed, without running a byte of it.

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "agent/commands.h"
#include "agent/configuration.h"
#include "agent/services.h"
#include "control/table.h"

namespace shoal::agent {
namespace {

using Json = nlohmann::ordered_json;

std::string kind_text(const plugin::Manifest& manifest) {
  return std::string(plugin::kind_name(manifest.kind));
}

void print_listings(const std::vector<plugin::Listing>& listings) {
  control::Table table;
  for (const plugin::Listing& listing : listings) {
    if (!listing.manifest) continue;
    const plugin::Manifest& manifest = *listing.manifest;
    table.add({kind_text(manifest), manifest.id, manifest.version, manifest.summary});
  }
  fmt::print("{}", table.text());
  for (const plugin::Listing& listing : listings) {
    if (!listing.manifest) fmt::print("! {}: {}\n", listing.file, listing.fault);
  }
}

Json listing_json(const plugin::Listing& listing) {
  if (!listing.manifest) return {{"file", listing.file}, {"fault", listing.fault}};
  return {{"file", listing.file}, {"manifest", Json::parse(listing.manifest->json)}};
}

void print_options(const Json& options) {
  control::Table table;
  for (const auto& [name, schema] : options.items()) {
    const std::string fallback =
        schema.contains("default") ? "default " + schema["default"].dump() : "";
    table.add({name, schema.value("type", ""),
               schema.value("required", false) ? "required" : fallback,
               schema.value("description", "")});
  }
  if (!table.empty()) fmt::print("\noptions:\n{}", table.text(2));
}

void print_series(const plugin::Manifest& manifest) {
  control::Table table;
  for (const plugin::SeriesPattern& series : manifest.series) {
    table.add({series.name, series.kind, series.unit, series.description});
  }
  if (!table.empty()) fmt::print("\nseries:\n{}", table.text(2));
}

void print_description(const plugin::Description& description) {
  const plugin::Manifest& manifest = description.manifest;
  fmt::print("{} {} {}: {}\n{}\nABI {}\n", kind_text(manifest), manifest.id, manifest.version,
             manifest.summary, description.file, plugin::to_text(manifest.abi));
  for (const std::string& service : manifest.needs) fmt::print("needs {}\n", service);
  print_options(Json::parse(manifest.options_schema));
  print_series(manifest);
}

// By path, or by name whatever its kind.
plugin::Description find_plugin(const plugin::Registry& registry, const std::string& name) {
  if (name.find('/') != std::string::npos) return registry.describe(name);
  std::string reason;
  for (const plugin::Listing& listing : registry.list()) {
    if (listing.manifest && listing.manifest->id == name) return registry.describe(listing.file);
    if (listing.file.ends_with("/" + name + ".so")) reason = listing.file + ": " + listing.fault;
  }
  if (!reason.empty()) throw PluginError(reason);
  throw Error(
      fmt::format("no plugin named {}; shoal plugin list shows what is installed, and a "
                  "file is named by its path (./{})",
                  name, name));
}

}  // namespace

int list_plugins(const Arguments& arguments) {
  const config::Settings settings = require_configuration(arguments);
  const SystemClock clock;
  Services services(settings, clock);
  const auto listings = services.registry().list();
  if (arguments.has("json")) {
    Json all = Json::array();
    for (const plugin::Listing& listing : listings) all.push_back(listing_json(listing));
    fmt::print("{}\n", all.dump(2));
    return 0;
  }
  if (listings.empty()) fmt::print("no plugins in {}\n", settings.plugin_dir);
  print_listings(listings);
  return 0;
}

int show_plugin(const Arguments& arguments) {
  const config::Settings settings = require_configuration(arguments);
  const SystemClock clock;
  Services services(settings, clock);
  const auto description = find_plugin(services.registry(), arguments.operands.front());
  if (arguments.has("json")) {
    fmt::print("{}\n", Json::parse(description.manifest.json).dump(2));
  } else {
    print_description(description);
  }
  return 0;
}

}  // namespace shoal::agent
