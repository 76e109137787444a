#include "plugin/option_words.h"

#include <nlohmann/json.hpp>

namespace shoal::plugin {
namespace {

using nlohmann::json;

bool is_text(const json& schema) {
  return schema.contains("x-unit") || schema.value("type", "string") == "string";
}

json value_of(const json& schema, const std::string& word) {
  if (is_text(schema)) return word;
  auto value = json::parse(word, nullptr, false);
  return value.is_discarded() ? json(word) : value;
}

}  // namespace

std::string options_from_words(const Manifest& manifest,
                               const std::map<std::string, std::string>& words) {
  const auto schemas = json::parse(manifest.options_schema);
  json options = json::object();
  for (const auto& [name, word] : words) {
    options[name] = value_of(schemas.value(name, json::object()), word);
  }
  return options.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace shoal::plugin
