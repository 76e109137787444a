#include "plugin/options.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <strings.h>
#include <unistd.h>

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/pattern.h"
#include "base/quantity.h"
#include "base/unique_fd.h"
#include "plugin/option_format.h"

namespace shoal::plugin {
namespace {

using nlohmann::json;

constexpr std::string_view file_suffix = "_file";

std::string text_member(const json& schema, const char* key) {
  const auto found = schema.find(key);
  return found != schema.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag_member(const json& schema, const char* key) {
  const auto found = schema.find(key);
  return found != schema.end() && found->is_boolean() && found->get<bool>();
}

bool is_secret(const json& schema) {
  return flag_member(schema, "x-secret");
}

std::string escape_pointer(std::string_view name) {
  std::string escaped;
  for (const char c : name) escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return escaped;
}

// The value as it may be shown.
std::string shown(const json& schema, const json& value) {
  if (is_secret(schema)) return fmt::format("a {}", value.type_name());
  constexpr std::size_t longest = 60;
  auto text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > longest) text = text.substr(0, longest) + "...";
  return text;
}

bool is_same_name(std::string_view left, std::string_view right) {
  return left.size() == right.size() && strncasecmp(left.data(), right.data(), left.size()) == 0;
}

// Reads one duration or size; empty when it is neither.
std::optional<std::int64_t> quantity(std::string_view unit, const json& value) {
  if (unit == "bytes" && value.is_number_unsigned()) return value.get<std::int64_t>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  if (unit == "bytes") {
    const auto bytes = parse_bytes(text);
    return bytes ? std::optional(static_cast<std::int64_t>(*bytes)) : std::nullopt;
  }
  const auto duration = parse_duration(text);
  return duration ? std::optional<std::int64_t>(duration->count()) : std::nullopt;
}

// Bounds and defaults of a schema: a quantity may be written either way there.
json schema_value(const json& schema, const json& value) {
  const auto unit = text_member(schema, "x-unit");
  if (unit.empty() || !value.is_string()) return value;
  const auto amount = quantity(unit, value);
  return amount ? json(*amount) : value;
}

bool has_type(const std::string& type, const json& value) {
  if (type.empty()) return true;
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  return value.is_object();
}

std::string type_words(const std::string& type) {
  if (type == "boolean") return "true or false";
  const bool takes_an = type == "integer" || type == "array" || type == "object";
  return (takes_an ? "an " : "a ") + type;
}

class Checker {
 public:
  // `around` is the pointer of the object whose members these are; empty for the options
  // themselves.
  Checker(const json& schema, CheckedOptions& checked, std::string around = {})
      : schema_(schema), checked_(checked), around_(std::move(around)) {}

  json check(const json& written) {
    for (const auto& [name, value] : written.items()) take(name, value);
    for (const auto& [name, schema] : schema_.items()) fill(name, schema);
    return std::move(result_);
  }

 private:
  void fault(std::string pointer, std::string text) {
    checked_.faults.push_back({std::move(pointer), std::move(text)});
  }

  std::string pointer_of(std::string_view name) const {
    return around_ + "/" + escape_pointer(name);
  }

  void take(const std::string& name, const json& value) {
    const auto pointer = pointer_of(name);
    if (const auto* known = find_name(name); known != nullptr) {
      take_value(*known, pointer, value);
    } else if (const auto* secret = find_secret_of(name); secret != nullptr) {
      take_secret_file(*secret, pointer, value);
    } else {
      fault(pointer, unknown_text(name));
    }
  }

  void take_value(const std::string& known, const std::string& pointer, const json& value) {
    if (result_.contains(known)) return fault(pointer, "is given twice");
    result_[known] = checked_value(schema_[known], pointer, value);
  }

  void take_secret_file(const std::string& known, const std::string& pointer, const json& value) {
    if (!value.is_string()) return fault(pointer, "expected the name of a file");
    const auto& file = value.get_ref<const std::string&>();
    auto secret = read_secret(pointer, file);
    if (secret) take_value(known, pointer, json(std::move(*secret)));
  }

  void fill(const std::string& name, const json& schema) {
    if (result_.contains(name)) return;
    if (const auto found = schema.find("default"); found != schema.end()) {
      check_default(schema, pointer_of(name), *found);
      result_[name] = schema_value(schema, *found);
    } else if (flag_member(schema, "required") && !has_file_fault(name)) {
      fault(pointer_of(name), "is required and missing");
    }
  }

  // The plugin's author is at fault, and its plugin would meet what it does not expect.
  void check_default(const json& schema, const std::string& pointer, const json& value) {
    const auto type = text_member(schema, "type");
    if (!text_member(schema, "x-unit").empty() || has_type(type, value)) return;
    fault(pointer, fmt::format("the plugin's own default is wrong: expected {}, got {}",
                               type_words(type), shown(schema, value)));
  }

  // A secret whose file could not be read has its fault already.
  bool has_file_fault(const std::string& name) const {
    const auto pointer = pointer_of(name) + std::string(file_suffix);
    return std::any_of(checked_.faults.begin(), checked_.faults.end(),
                       [&](const auto& it) { return is_same_name(it.pointer, pointer); });
  }

  const std::string* find_name(const std::string& name) const {
    for (auto it = schema_.begin(); it != schema_.end(); ++it) {
      if (is_same_name(it.key(), name)) return &it.key();
    }
    return nullptr;
  }

  const std::string* find_secret_of(const std::string& name) const {
    if (name.size() <= file_suffix.size()) return nullptr;
    const auto stem = name.size() - file_suffix.size();
    if (!is_same_name(std::string_view(name).substr(stem), file_suffix)) return nullptr;
    const auto* known = find_name(name.substr(0, stem));
    return known != nullptr && is_secret(schema_[*known]) ? known : nullptr;
  }

  std::string unknown_text(const std::string& name) const {
    std::vector<std::string> known;
    for (const auto& [key, schema] : schema_.items()) {
      known.push_back(key);
      if (is_secret(schema)) known.push_back(key + std::string(file_suffix));
    }
    const auto meant = nearest(name, known);
    if (!meant.empty()) return fmt::format("unknown option, did you mean \"{}\"?", meant);
    return known.empty() ? "unknown option; this plugin has none" : "unknown option";
  }

  json checked_value(const json& schema, const std::string& pointer, const json& value) {
    const auto unit = text_member(schema, "x-unit");
    if (!unit.empty()) return checked_quantity(schema, unit, pointer, value);

    const auto format = text_member(schema, "format");
    if (takes_numbers(format) && value.is_number()) {
      return checked_value(schema, pointer, json(value.dump()));
    }
    const auto type = text_member(schema, "type");
    if (!has_type(type, value)) {
      fault(pointer, fmt::format("expected {}, got {}", type_words(type), shown(schema, value)));
      return value;
    }
    check_bounds(schema, pointer, value, value);
    check_choice(schema, pointer, value);
    check_pattern(schema, pointer, value);
    check_format(schema, format, pointer, value);
    if (value.is_array()) return checked_items(schema, pointer, value);
    return value.is_object() ? checked_members(schema, pointer, value) : value;
  }

  // An object's members: named by the plugin ("properties"), or by the user and all alike
  // ("items").
  json checked_members(const json& schema, const std::string& pointer, const json& object) {
    if (const auto known = schema.find("properties"); known != schema.end()) {
      return Checker(*known, checked_, pointer).check(object);
    }
    const auto each = schema.find("items");
    if (each == schema.end() || !each->is_object()) return object;
    json checked = json::object();
    for (const auto& [name, value] : object.items()) {
      checked[name] = checked_value(*each, pointer + "/" + escape_pointer(name), value);
    }
    return checked;
  }

  json checked_quantity(const json& schema, const std::string& unit, const std::string& pointer,
                        const json& value) {
    const auto amount = quantity(unit, value);
    if (!amount) {
      fault(pointer, fmt::format("expected a {}, got {}",
                                 unit == "bytes" ? "size like \"64MB\"" : "duration like \"30s\"",
                                 shown(schema, value)));
      return value;
    }
    check_bounds(schema, pointer, json(*amount), value);
    return *amount;
  }

  json checked_items(const json& schema, const std::string& pointer, const json& array) {
    const auto items = schema.find("items");
    if (items == schema.end() || !items->is_object()) return array;
    json checked = json::array();
    for (std::size_t i = 0; i < array.size(); ++i) {
      checked.push_back(checked_value(*items, fmt::format("{}/{}", pointer, i), array[i]));
    }
    return checked;
  }

  void check_bounds(const json& schema, const std::string& pointer, const json& amount,
                    const json& written) {
    if (!amount.is_number()) return;
    const auto bound = [&](const char* key, const char* words, auto&& is_beyond) {
      const auto found = schema.find(key);
      if (found == schema.end()) return;
      const auto limit = schema_value(schema, *found);
      if (!limit.is_number() || !is_beyond(amount, limit)) return;
      fault(pointer,
            fmt::format("expected {} {}, got {}", words, found->dump(), shown(schema, written)));
    };
    bound("minimum", "at least", [](const json& a, const json& b) { return a < b; });
    bound("maximum", "at most", [](const json& a, const json& b) { return a > b; });
  }

  void check_choice(const json& schema, const std::string& pointer, const json& value) {
    const auto choices = schema.find("enum");
    if (choices == schema.end() || !choices->is_array()) return;
    if (std::find(choices->begin(), choices->end(), value) != choices->end()) return;
    std::string words;
    for (const auto& choice : *choices) words += (words.empty() ? "" : ", ") + choice.dump();
    fault(pointer, fmt::format("expected one of {}, got {}", words, shown(schema, value)));
  }

  void check_pattern(const json& schema, const std::string& pointer, const json& value) {
    const auto pattern = text_member(schema, "pattern");
    if (pattern.empty() || !value.is_string()) return;
    if (Pattern(pattern).found_in(value.get_ref<const std::string&>())) return;
    fault(pointer,
          fmt::format("expected text that matches {}, got {}", pattern, shown(schema, value)));
  }

  void check_format(const json& schema, const std::string& format, const std::string& pointer,
                    const json& value) {
    if (format.empty() || !value.is_string()) return;
    auto wrong = format_fault(format, value.get_ref<const std::string&>(), shown(schema, value));
    if (!wrong.empty()) fault(pointer, std::move(wrong));
  }

  std::optional<std::string> read_secret(const std::string& pointer, const std::string& file) {
    const UniqueFd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status = {};
    if (!fd || fstat(fd.get(), &status) != 0) {
      fault(pointer, fmt::format("cannot read {}: {}", file, errno_text(errno)));
      return std::nullopt;
    }
    std::array<char, 65'537> buffer{};
    const auto size = S_ISREG(status.st_mode) ? read(fd.get(), buffer.data(), buffer.size()) : -1;
    if (size <= 0 || static_cast<std::size_t>(size) == buffer.size()) {
      fault(pointer, fmt::format("{}: expected a file with a secret of 1 to 65536 bytes", file));
      return std::nullopt;
    }
    if ((status.st_mode & S_IROTH) != 0) {
      checked_.warnings.push_back(
          {pointer, fmt::format("{} can be read by everyone; chmod o-r {}", file, file)});
    }
    return trimmed({buffer.data(), static_cast<std::size_t>(size)});
  }

  // Editors end a file with a line end that is no part of the secret.
  static std::string trimmed(std::string_view text) {
    const auto last = text.find_last_not_of(" \t\r\n");
    return std::string(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
  }

  const json& schema_;
  CheckedOptions& checked_;
  const std::string around_;
  json result_ = json::object();
};

}  // namespace

CheckedOptions check_options(const Manifest& manifest, std::string_view text) {
  CheckedOptions checked;
  const auto written = json::parse(text, nullptr, false);
  if (!written.is_object()) {
    checked.faults.push_back({"", "expected a table of options"});
    return checked;
  }
  const auto schema = json::parse(manifest.options_schema);
  checked.json =
      Checker(schema, checked).check(written).dump(-1, ' ', false, json::error_handler_t::replace);
  return checked;
}

std::vector<std::string> secret_values(const Manifest& manifest, std::string_view text) {
  const auto schemas = json::parse(manifest.options_schema);
  const auto options = json::parse(text);
  std::vector<std::string> values;
  for (const auto& [name, schema] : schemas.items()) {
    const auto value = options.find(name);
    if (!is_secret(schema) || value == options.end() || !value->is_string()) continue;
    if (!value->get_ref<const std::string&>().empty()) values.push_back(*value);
  }
  return values;
}

}  // namespace shoal::plugin
