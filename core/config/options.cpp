#include "config/options.h"

#include <cmath>
#include <utility>

#include <fmt/core.h>

namespace shoal::config {

namespace {

// Calls visit(pointer, value) for everything in the tree below `value`, itself included.
template <class Visit>
void walk(const std::string& pointer, const Value& value, const Visit& visit);

std::string step(std::string_view key) {
  std::string step = "/";
  for (const char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

template <class Visit>
void walk(const std::string& pointer, const Table& table, const Visit& visit) {
  for (const Member& member : table) walk(pointer + step(member.key), member.value, visit);
}

template <class Visit>
void walk(const std::string& pointer, const Value& value, const Visit& visit) {
  visit(pointer, value);
  if (const auto* table = value.as<Table>()) walk(pointer, *table, visit);
  if (const auto* array = value.as<Array>()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      walk(fmt::format("{}/{}", pointer, i), (*array)[i], visit);
    }
  }
}

// What JSON has no word for, or null.
const char* foreign_to_json(const Value& value) {
  if (value.as<DateOrTime>()) return "a date or time; write it as a string";
  const auto* number = value.as<double>();
  return number && !std::isfinite(*number) ? "inf or nan" : nullptr;
}

}  // namespace

Table read_options(const Section& section) {
  const auto options = section.table("options");
  if (!options) return {};
  bool is_json = true;
  walk("", options->table(), [&](const std::string& pointer, const Value& value) {
    const char* found = foreign_to_json(value);
    if (!found) return;
    is_json = false;
    section.problems().fail(value.where, fmt::format("{}{}: expected a value that JSON has, got {}",
                                                     section.path_of("options"), pointer, found));
  });
  return is_json ? options->table() : Table{};
}

std::map<std::string, unsigned> option_lines(const Table& options, const std::string& file) {
  std::map<std::string, unsigned> lines;
  walk("", options, [&](const std::string& pointer, const Value& value) {
    if (value.where.file == file && value.where.line > 0) lines[pointer] = value.where.line;
  });
  return lines;
}

void put(Table& table, std::string_view key, Value value) {
  std::erase_if(table, [&](const Member& member) { return member.key == key; });
  table.push_back({std::string(key), std::move(value)});
}

}  // namespace shoal::config
