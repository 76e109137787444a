#include "plugin/wire_plugin.h"

#include <filesystem>
#include <unistd.h>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace shoal::plugin {
namespace {

constexpr int wire_version = 1;

[[noreturn]] void fail(const std::string& file, std::string_view sentence) {
  throw PluginError(fmt::format("{}: {}", file, sentence));
}

void check_wire_version(const std::string& file, const std::string& manifest) {
  const auto json = nlohmann::json::parse(manifest, nullptr, false);
  const auto version = json.is_object() ? json.find("wire") : json.end();
  if (version == json.end() || !version->is_number_integer()) {
    fail(file, "manifest: wire: expected the number of the wire protocol, 1");
  }
  if (*version != wire_version) {
    fail(file, fmt::format("speaks wire protocol {}, this agent speaks {}", version->dump(),
                           wire_version));
  }
}

}  // namespace

std::string wire_manifest_of(const std::string& file) {
  return file + ".shoal.json";
}

bool is_wire_plugin(const std::string& file) {
  std::error_code ignored;
  return std::filesystem::exists(wire_manifest_of(file), ignored);
}

Examined examine_wire(const std::string& file) {
  const auto manifest_file = wire_manifest_of(file);
  const auto manifest = read_trusted(manifest_file);
  Examined examined{file, read_trusted(file) + manifest, parse_manifest(manifest_file, manifest)};
  check_wire_version(manifest_file, manifest);
  check_abi(file, examined.manifest);
  if (access(file.c_str(), X_OK) != 0) fail(file, "is not executable; chmod +x " + file);
  return examined;
}

}  // namespace shoal::plugin
