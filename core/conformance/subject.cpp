#include "conformance/subject.h"

#include <dlfcn.h>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "plugin/option_words.h"

namespace shoal::conformance {
namespace {

using nlohmann::json;

// A value for an option that is required and that nobody gave.
json guess(const std::string& name, const json& schema) {
  if (const auto example = schema.find("x-example"); example != schema.end()) return *example;
  if (const auto choices = schema.find("enum"); choices != schema.end() && !choices->empty()) {
    return choices->front();
  }
  const auto unit = schema.value("x-unit", "");
  if (unit == "duration") return "30s";
  if (unit == "bytes") return "1MB";
  const auto type = schema.value("type", "string");
  if (type == "integer" || type == "number") return schema.value("minimum", json(1));
  if (type == "boolean") return false;
  if (type == "object") return json::object();
  if (type == "array") {
    return json::array({guess(name, schema.value("items", json{{"type", "string"}}))});
  }
  if (schema.value("x-secret", false)) return secret_marker;
  const auto format = schema.value("format", "");
  if (format == "regex") return ".";
  if (!format.empty()) return "10";
  const auto has = [&](const char* word) { return name.find(word) != std::string::npos; };
  if (has("url") || has("uri")) return "http://127.0.0.1:9/";
  if (has("path") || has("file")) return "/etc/hostname";
  if (has("dir")) return "/tmp";
  if (has("host") || has("address")) return "127.0.0.1";
  return "example";
}

}  // namespace

std::string Subject::round_function() const {
  switch (kind()) {
    case plugin::Kind::metric:
      return "collect()";
    case plugin::Kind::check:
      return "check()";
    case plugin::Kind::output:
      return "deliver()";
  }
  return {};
}

WorkingOptions working_options(const plugin::Manifest& manifest,
                               const std::map<std::string, std::string>& given) {
  const auto schemas = json::parse(manifest.options_schema);
  auto options = json::parse(plugin::options_from_words(manifest, given));
  WorkingOptions working;
  for (const auto& [name, schema] : schemas.items()) {
    const bool is_needed = schema.value("required", false) && !options.contains(name) &&
                           !options.contains(name + "_file");
    if (!is_needed) continue;
    options[name] = guess(name, schema);
    if (!schema.contains("x-example")) working.guesses.push_back(name);
  }
  working.json = options.dump(-1, ' ', false, json::error_handler_t::replace);
  return working;
}

EntryFunction load_entry(const Subject& subject) {
  void* const library = dlopen(subject.copy.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw Error(dlerror());
  void* const function = dlsym(library, "shoal_module_v1");
  if (function == nullptr) throw Error(dlerror());
  return reinterpret_cast<EntryFunction>(function);
}

}  // namespace shoal::conformance
