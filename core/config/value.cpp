#include "config/value.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include <fmt/core.h>

namespace shoal::config {

namespace {

void append_text(std::string& json, std::string_view text) {
  json += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(json), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      json += c;
    }
  }
  json += '"';
}

void append_float(std::string& json, double number) {
  const std::string digits = fmt::format("{}", number);
  json += digits;
  // What was written as a float stays one for readers that tell 1 from 1.0.
  if (digits.find_first_of(".e") == std::string::npos) json += ".0";
}

void append(std::string& json, const Value& value);

struct Writer {
  std::string& json;

  void operator()(const Table& table) const {
    json += '{';
    for (const Member& member : table) {
      if (&member != &table.front()) json += ',';
      append_text(json, member.key);
      json += ':';
      append(json, member.value);
    }
    json += '}';
  }
  void operator()(const Array& array) const {
    json += '[';
    for (const Value& element : array) {
      if (&element != &array.front()) json += ',';
      append(json, element);
    }
    json += ']';
  }
  void operator()(const std::string& text) const { append_text(json, text); }
  void operator()(std::int64_t number) const { json += std::to_string(number); }
  void operator()(double number) const { append_float(json, number); }
  void operator()(bool is_true) const { json += is_true ? "true" : "false"; }
  void operator()(DateOrTime) const { assert(false && "a date has no JSON"); }
};

void append(std::string& json, const Value& value) {
  std::visit(Writer{json}, value.content);
}

}  // namespace

std::string_view type_name(const Value& value) {
  struct Name {
    std::string_view operator()(const Table&) const { return "a table"; }
    std::string_view operator()(const Array&) const { return "an array"; }
    std::string_view operator()(const std::string&) const { return "a string"; }
    std::string_view operator()(std::int64_t) const { return "an integer"; }
    std::string_view operator()(double) const { return "a float"; }
    std::string_view operator()(bool) const { return "a boolean"; }
    std::string_view operator()(DateOrTime) const { return "a date or time"; }
  };
  return std::visit(Name{}, value.content);
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

const Value* find(const Table& table, std::string_view key) {
  const Value* similar = nullptr;
  const std::string lower = to_lower(key);
  for (const Member& member : table) {
    if (member.key == key) return &member.value;
    if (!similar && to_lower(member.key) == lower) similar = &member.value;
  }
  return similar;
}

void add_missing(Table& table, std::string_view key, Value value) {
  const bool is_there = std::any_of(table.begin(), table.end(),
                                    [&](const Member& member) { return member.key == key; });
  if (!is_there) table.push_back({std::string(key), std::move(value)});
}

std::string to_json(const Value& value) {
  std::string json;
  append(json, value);
  return json;
}

std::string to_json(const Table& table) {
  std::string json;
  Writer{json}(table);
  return json;
}

}  // namespace shoal::config
