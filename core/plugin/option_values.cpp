#include "plugin/option_values.h"

#include <charconv>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace shoal::plugin {
namespace {

using nlohmann::json;

// "~1" stands for a slash in a pointer and "~0" for a tilde.
std::string unescaped(std::string_view token) {
  std::string name;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool is_escape = token[i] == '~' && i + 1 < token.size();
    name += is_escape ? (token[++i] == '1' ? '/' : '~') : token[i];
  }
  return name;
}

const json* element_of(const json& array, std::string_view token) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool is_index = error == std::errc{} && end == token.data() + token.size();
  return is_index && index < array.size() ? &array[index] : nullptr;
}

const json* child_of(const json& parent, std::string_view token) {
  if (parent.is_array()) return element_of(parent, token);
  if (!parent.is_object()) return nullptr;
  const auto found = parent.find(unescaped(token));
  return found == parent.end() ? nullptr : &*found;
}

[[noreturn]] void fail(std::string_view pointer, std::string_view expected, const json& found) {
  throw Error(fmt::format("option {}: expected {}, got a value of type {}", pointer, expected,
                          found.type_name()));
}

}  // namespace

struct OptionValues::Tree {
  json root;

  const json* find(std::string_view pointer) const {
    const json* at = &root;
    while (at != nullptr && pointer.starts_with('/')) {
      pointer.remove_prefix(1);
      const auto token = pointer.substr(0, pointer.find('/'));
      at = child_of(*at, token);
      pointer.remove_prefix(token.size());
    }
    return pointer.empty() && at != nullptr && !at->is_null() ? at : nullptr;
  }
};

OptionValues::OptionValues(std::string_view text)
    : tree_(std::make_unique<const Tree>(Tree{json::parse(text, nullptr, false)})) {}
OptionValues::~OptionValues() = default;

std::optional<std::string_view> OptionValues::text(std::string_view pointer) const {
  const auto* value = tree_->find(pointer);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) fail(pointer, "a string", *value);
  return value->get_ref<const std::string&>();
}

std::optional<std::int64_t> OptionValues::integer(std::string_view pointer) const {
  const auto* value = tree_->find(pointer);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_integer()) fail(pointer, "an integer", *value);
  return value->get<std::int64_t>();
}

std::optional<double> OptionValues::number(std::string_view pointer) const {
  const auto* value = tree_->find(pointer);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) fail(pointer, "a number", *value);
  return value->get<double>();
}

std::optional<bool> OptionValues::boolean(std::string_view pointer) const {
  const auto* value = tree_->find(pointer);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) fail(pointer, "true or false", *value);
  return value->get<bool>();
}

std::optional<std::uint32_t> OptionValues::count(std::string_view pointer) const {
  const auto* value = tree_->find(pointer);
  if (value == nullptr) return std::nullopt;
  if (!value->is_structured()) fail(pointer, "an array or an object", *value);
  return static_cast<std::uint32_t>(value->size());
}

}  // namespace shoal::plugin
