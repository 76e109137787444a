#include "config/section.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/pattern.h"
#include "base/quantity.h"
#include "config/duration.h"

namespace shoal::config {

namespace {

// What was found, as a person wrote it if that is short.
std::string shown(const Value& value) {
  constexpr std::size_t longest = 40;
  if (const auto* text = value.as<std::string>()) {
    return text->size() > longest ? "a longer string" : fmt::format("\"{}\"", *text);
  }
  if (const auto* number = value.as<std::int64_t>()) return std::to_string(*number);
  if (const auto* number = value.as<double>()) return fmt::format("{}", *number);
  return std::string(type_name(value));
}

}  // namespace

std::string unknown_key(std::string_view path, std::string_view suggestion) {
  if (suggestion.empty()) return fmt::format("{}: unknown key", path);
  return fmt::format("{}: unknown key, did you mean \"{}\"?", path, suggestion);
}

Section::Section(const Table& table, Location where, std::string path, Problems& problems)
    : table_(table), where_(std::move(where)), path_(std::move(path)), problems_(problems) {}

const Value* Section::find(std::string_view key) const {
  return config::find(table_, key);
}

const Location& Section::where_is(std::string_view key) const {
  const Value* value = find(key);
  return value ? value->where : where_;
}

std::string Section::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void Section::fail(std::string_view key, std::string_view text) const {
  problems_.fail(where_is(key), fmt::format("{}: {}", path_of(key), text));
}

void Section::warn(std::string_view key, std::string_view text) const {
  problems_.warn(where_is(key), fmt::format("{}: {}", path_of(key), text));
}

void Section::fail(std::string_view text) const {
  problems_.fail(where_, fmt::format("{}: {}", path_, text));
}

// A value of the wrong type is named by its type alone: it may be a secret that lost its quotes.
void Section::expected(std::string_view key, std::string_view what, const Value& found) const {
  fail(key, fmt::format("expected {}, got {}", what, type_name(found)));
}

std::optional<std::string> Section::text(std::string_view key) const {
  const Value* value = find(key);
  if (!value) return std::nullopt;
  if (const auto* text = value->as<std::string>()) return *text;
  expected(key, "a string", *value);
  return std::nullopt;
}

std::optional<std::int64_t> Section::integer(std::string_view key) const {
  const Value* value = find(key);
  if (!value) return std::nullopt;
  if (const auto* number = value->as<std::int64_t>()) return *number;
  expected(key, "an integer", *value);
  return std::nullopt;
}

std::optional<bool> Section::flag(std::string_view key) const {
  const Value* value = find(key);
  if (!value) return std::nullopt;
  if (const auto* flag = value->as<bool>()) return *flag;
  expected(key, "a boolean", *value);
  return std::nullopt;
}

std::optional<std::vector<std::string>> Section::texts(std::string_view key) const {
  const Value* value = find(key);
  if (!value) return std::nullopt;
  const auto* array = value->as<Array>();
  if (!array) {
    expected(key, "an array of strings", *value);
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const Value& element : *array) {
    if (const auto* text = element.as<std::string>()) {
      texts.push_back(*text);
      continue;
    }
    problems_.fail(element.where, fmt::format("{}: expected an array of strings, got {} in it",
                                              path_of(key), type_name(element)));
    return std::nullopt;
  }
  return texts;
}

std::optional<Section> Section::table(std::string_view key) const {
  const Value* value = find(key);
  if (!value) return std::nullopt;
  if (const auto* table = value->as<Table>()) {
    return Section(*table, value->where, path_of(key), problems_);
  }
  expected(key, "a table", *value);
  return std::nullopt;
}

std::optional<std::string> Section::word(std::string_view key,
                                         std::initializer_list<std::string_view> words) const {
  auto word = text(key);
  if (!word || std::find(words.begin(), words.end(), *word) != words.end()) return word;
  fail(key,
       fmt::format("expected \"{}\", got {}", fmt::join(words, "\" or \""), shown(*find(key))));
  return std::nullopt;
}

std::optional<std::string> Section::pattern(std::string_view key) const {
  auto pattern = text(key);
  if (!pattern) return std::nullopt;
  const std::string fault = Pattern::fault(*pattern);
  if (fault.empty()) return pattern;
  fail(key, fault);
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> Section::duration(std::string_view key,
                                                           std::chrono::milliseconds least) const {
  const Value* value = find(key);
  if (!value) return std::nullopt;
  const auto* text = value->as<std::string>();
  const auto duration = text ? parse_duration(*text) : std::nullopt;
  if (!duration) {
    fail(key, fmt::format("expected a duration like \"30s\", got {}", shown(*value)));
    return std::nullopt;
  }
  if (*duration >= least) return duration;
  fail(key,
       fmt::format("expected at least \"{}s\", got {}",
                   std::chrono::duration_cast<std::chrono::seconds>(least).count(), shown(*value)));
  return std::nullopt;
}

std::optional<std::chrono::minutes> Section::minutes(std::string_view key) const {
  const Value* value = find(key);
  if (!value) return std::nullopt;
  std::optional<std::chrono::minutes> minutes;
  if (const auto* count = value->as<std::int64_t>()) minutes = to_minutes(*count);
  if (const auto* text = value->as<std::string>()) minutes = parse_minutes(*text);
  if (!minutes) {
    fail(key, fmt::format("expected whole minutes like 10 or \"1h30m\", got {}", shown(*value)));
  }
  return minutes;
}

std::optional<std::chrono::seconds> Section::seconds(std::string_view key) const {
  constexpr std::int64_t longest = 10LL * 366 * 24 * 3600;
  const auto count = integer(key);
  if (!count || *count == 0) return std::nullopt;
  if (*count > 0 && *count <= longest) return std::chrono::seconds(*count);
  fail(key, fmt::format("expected a number of seconds, got {}", *count));
  return std::nullopt;
}

std::optional<std::uint64_t> Section::size(std::string_view key) const {
  const auto written = text(key);
  if (!written) return std::nullopt;
  const auto size = parse_bytes(*written);
  if (size && *size > 0) return size;
  fail(key, fmt::format("expected a size like \"64MB\", got {}", shown(*find(key))));
  return std::nullopt;
}

void Section::check_keys(KnownKeys known, UnknownKeys rule) const {
  for (const Member& member : table_) {
    const std::string key = to_lower(member.key);
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      report_unknown(member, known, rule);
    } else if (const Value* heeded = find(key); heeded != &member.value) {
      warn(member.key, fmt::format("ignored, line {} gives the same key", heeded->where.line));
    }
  }
}

void Section::report_unknown(const Member& member, KnownKeys known, UnknownKeys rule) const {
  const auto suggestion = nearest(member.key, known);
  std::string text = unknown_key(path_of(member.key), suggestion);
  if (rule == UnknownKeys::refused) {
    problems_.fail(member.value.where, std::move(text));
  } else {
    problems_.warn(member.value.where, std::move(text));
  }
}

}  // namespace shoal::config
