#include "plugin/wire/fields.h"

#include <cmath>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/utf8.h"

namespace shoal::plugin::wire {
namespace {

using Json = nlohmann::json;

// An array is asked for often and absent mostly.
const std::vector<Json> no_elements;

std::uint64_t to_number(const Fields& fields, const char* name, const Json& json) {
  if (json.is_number_unsigned()) return json.get<std::uint64_t>();
  fields.fail(name, fmt::format("expected a whole number of at least 0, got {}", json.type_name()));
}

double to_real(const Fields& fields, const char* name, const Json& json) {
  if (!json.is_number()) {
    fields.fail(name, fmt::format("expected a number, got {}", json.type_name()));
  }
  return json.get<double>();
}

}  // namespace

Fields::Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
  if (!object.is_object()) {
    throw WireError(fmt::format("{}: expected an object, got {}", where_, object.type_name()));
  }
}

void Fields::fail(const char* name, const std::string& fault) const {
  throw WireError(fmt::format("{}: {}: {}", where_, name, fault));
}

const Json* Fields::find(const char* name) const {
  const auto found = object_.find(name);
  return found == object_.end() ? nullptr : &*found;
}

bool Fields::has(const char* name) const {
  return find(name) != nullptr;
}

std::optional<std::string> Fields::find_text(const char* name) const {
  const auto* json = find(name);
  if (json == nullptr) return std::nullopt;
  if (!json->is_string()) fail(name, fmt::format("expected text, got {}", json->type_name()));
  return json->get<std::string>();
}

std::string Fields::text(const char* name) const {
  return find_text(name).value_or(std::string());
}

std::string Fields::needs_text(const char* name) const {
  auto found = find_text(name);
  if (!found) fail(name, "is missing");
  return *std::move(found);
}

std::string Fields::bytes(const char* name) const {
  const auto encoded_name = std::string(name) + "_base64";
  const auto encoded = find_text(encoded_name.c_str());
  if (!encoded) return text(name);
  auto decoded = from_base64(*encoded);
  if (!decoded) fail(encoded_name.c_str(), "is not base64");
  return *std::move(decoded);
}

std::uint64_t Fields::number(const char* name, std::uint64_t fallback) const {
  const auto* json = find(name);
  return json == nullptr ? fallback : to_number(*this, name, *json);
}

std::uint64_t Fields::needs_number(const char* name) const {
  const auto* json = find(name);
  if (json == nullptr) fail(name, "is missing");
  return to_number(*this, name, *json);
}

std::int64_t Fields::time_ns(const char* name) const {
  const auto* json = find(name);
  if (json == nullptr) return 0;
  if (!json->is_number_integer()) {
    fail(name, fmt::format("expected a whole number, got {}", json->type_name()));
  }
  return json->get<std::int64_t>();
}

double Fields::real(const char* name, double fallback) const {
  const auto* json = find(name);
  return json == nullptr ? fallback : to_real(*this, name, *json);
}

double Fields::needs_real(const char* name) const {
  const auto* json = find(name);
  if (json == nullptr) fail(name, "is missing");
  // How JSON says that a value is not a number.
  if (json->is_null()) return std::nan("");
  return to_real(*this, name, *json);
}

bool Fields::boolean(const char* name, bool fallback) const {
  const auto* json = find(name);
  if (json == nullptr) return fallback;
  if (!json->is_boolean())
    fail(name, fmt::format("expected true or false, got {}", json->type_name()));
  return json->get<bool>();
}

const std::vector<Json>& Fields::list(const char* name) const {
  const auto* json = find(name);
  if (json == nullptr) return no_elements;
  if (!json->is_array()) fail(name, fmt::format("expected an array, got {}", json->type_name()));
  return json->get_ref<const Json::array_t&>();
}

std::vector<record::Label> Fields::labels(const char* name) const {
  std::vector<record::Label> labels;
  for (const auto& pair : list(name)) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
      fail(name, "expected pairs of text");
    }
    labels.push_back({pair[0].get<std::string>(), pair[1].get<std::string>()});
  }
  return labels;
}

Json parse_object(std::string_view json) {
  auto object = Json::parse(json, nullptr, false);
  if (object.is_discarded()) throw WireError("a frame that is not JSON");
  if (!object.is_object()) throw WireError("a frame that is not a JSON object");
  return object;
}

std::string to_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void put_bytes(Json& object, const std::string& name, std::string_view bytes) {
  if (is_utf8(bytes)) {
    object[name] = bytes;
  } else {
    object[name + "_base64"] = to_base64(bytes);
  }
}

Json labels_json(const std::vector<record::Label>& labels) {
  auto list = Json::array();
  for (const auto& label : labels) list.push_back({label.key, label.value});
  return list;
}

}  // namespace shoal::plugin::wire
