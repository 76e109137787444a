// A configuration file as a tree of values that know where they stand: what is left of TOML when
// the parser is done. Plain data; knows nothing of what the keys mean.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.h"

namespace shoal::config {

struct Member;
struct Value;
using Table = std::vector<Member>;  // keys as written, each once
using Array = std::vector<Value>;
struct DateOrTime {};  // no key of ours takes one

struct Value {
  std::variant<Table, Array, std::string, std::int64_t, double, bool, DateOrTime> content;
  Location where;  // of the key, for what has one

  template <class T>
  const T* as() const {
    return std::get_if<T>(&content);
  }
};

struct Member {
  std::string key;
  Value value;
};

// "a string", "an integer", "a table", ...
std::string_view type_name(const Value& value);

// ASCII lower case: what keys are compared in.
std::string to_lower(std::string_view text);

// The member written exactly so, else the one that differs in case only, else null.
const Value* find(const Table& table, std::string_view key);

// Adds a member unless there is one of that key.
void add_missing(Table& table, std::string_view key, Value value);

// One JSON text, members in the order of the table. The value holds neither dates nor numbers that
// JSON lacks.
std::string to_json(const Value& value);
std::string to_json(const Table& table);

}  // namespace shoal::config
