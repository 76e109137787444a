// One table of a configuration file while it is read: values by key and type, without regard to
// case. What is wrong goes to the problems with file, line and full key; the value then counts as
// not given. Borrows the table and the problems.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/problems.h"
#include "config/value.h"

namespace shoal::config {

// What a key means that nobody knows: in mackerel-agent's sections it was always ignored, in ours
// it is an error.
enum class UnknownKeys { warned, refused };

using KnownKeys = std::span<const std::string>;

class Section {
 public:
  // `path` is the dotted key of the table, empty for the top of a file.
  Section(const Table& table, Location where, std::string path, Problems& problems);

  const Table& table() const { return table_; }
  const Location& where() const { return where_; }
  const std::string& path() const { return path_; }
  Problems& problems() const { return problems_; }

  const Value* find(std::string_view key) const;
  bool has(std::string_view key) const { return find(key) != nullptr; }
  // The line of the key, or of the section when the key is not there.
  const Location& where_is(std::string_view key) const;

  std::optional<std::string> text(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::optional<bool> flag(std::string_view key) const;
  std::optional<std::vector<std::string>> texts(std::string_view key) const;
  std::optional<Section> table(std::string_view key) const;
  // One of `words`, or an error that names them.
  std::optional<std::string> word(std::string_view key,
                                  std::initializer_list<std::string_view> words) const;
  // An RE2 pattern that compiles.
  std::optional<std::string> pattern(std::string_view key) const;
  // shoal's duration, a string with a unit, at least `least`.
  std::optional<std::chrono::milliseconds> duration(std::string_view key,
                                                    std::chrono::milliseconds least) const;
  // mackerel-agent's duration, minutes as an integer or a string.
  std::optional<std::chrono::minutes> minutes(std::string_view key) const;
  // Whole seconds; 0 means the default and counts as not given.
  std::optional<std::chrono::seconds> seconds(std::string_view key) const;
  std::optional<std::uint64_t> size(std::string_view key) const;

  void fail(std::string_view key, std::string_view text) const;
  void warn(std::string_view key, std::string_view text) const;
  // An error about the section as a whole.
  void fail(std::string_view text) const;
  void expected(std::string_view key, std::string_view what, const Value& found) const;

  // Reports every key that is not among `known`, and keys given twice in different case.
  void check_keys(KnownKeys known, UnknownKeys rule) const;
  // "plugin.checks.web.interval"
  std::string path_of(std::string_view key) const;

 private:
  void report_unknown(const Member& member, KnownKeys known, UnknownKeys rule) const;

  const Table& table_;
  Location where_;
  std::string path_;
  Problems& problems_;
};

// "plugin.checks.web: unknown key, did you mean ..." for a key nobody knows.
std::string unknown_key(std::string_view path, std::string_view suggestion);

}  // namespace shoal::config
